"""A trip is stored whole and read by its traveller alone; what they saw is not offered again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.nodes.postgres import Nodes
from shared.runtime.postgres import Pool
from shared.signals.postgres import Signals
from shared.trips.postgres import Trips, insert
from shared.trips.reply import show_trip
from shared.trips.trip import Slot, Trip, TripUnknown
from tests.builders import (
    MONDAY,
    NOON,
    TOMBSTONES,
    a_city,
    a_draft,
    a_node,
    a_signal,
    a_slot,
    a_trip,
)

_USERS = count()


@pytest.fixture
async def trips(pool: Pool) -> Trips:
    """A city with three nodes."""
    nodes = Nodes(pool)
    await nodes.save_city(a_city(), NOON)
    await nodes.save([a_draft(a_node(name)) for name in ("a", "b", "c")], NOON)
    return Trips(pool)


@pytest.fixture
def user() -> str:
    return f"user-{next(_USERS)}"


def slots(*names: str) -> tuple[Slot, ...]:
    return tuple(
        a_slot(name, id=uuid4(), slot_order=place) for place, name in enumerate(names, start=1)
    )


async def store(pool: Pool, user: str, *names: str, end: date = MONDAY) -> Trip:
    trip = a_trip(id=uuid4(), user_id=user, slots=slots(*names), end_date=end, start_date=end)
    async with pool.acquire() as connection, connection.transaction():
        await insert(connection, trip)
    return trip


def ids(*names: str) -> set[UUID]:
    return {a_node(name).id for name in names}


async def test_a_trip_reads_as_it_was_stored(pool: Pool, trips: Trips, user: str) -> None:
    stored = await store(pool, user, "b", "a")
    found, zone = await trips.find(stored.id, user)
    assert zone == a_city().zone
    assert show_trip(found, zone) == show_trip(stored, zone)
    assert [slot.propensity for slot in found.slots] == [1.0, 1.0]
    assert found.created_at == NOON


async def test_nobody_else_finds_it(pool: Pool, trips: Trips, user: str) -> None:
    stored = await store(pool, user, "a")
    for trip_id, reader in ((stored.id, "someone else"), (uuid4(), user), (stored.id, "")):
        with pytest.raises(TripUnknown):
            await trips.find(trip_id, reader)


async def test_a_trip_that_holds_a_place_twice_is_not_stored_at_all(
    pool: Pool, trips: Trips, user: str
) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await store(pool, user, "a", "a")
    assert await pool.fetchval("SELECT count(*) FROM trips WHERE user_id = $1", user) == 0


async def seen(trips: Trips, user: str, today: date, city: str = "seattle") -> Sequence[UUID]:
    return await trips.seen(user, city, today)


async def test_what_a_past_trip_took_them_to_is_seen(pool: Pool, trips: Trips, user: str) -> None:
    await store(pool, user, "a", "b", end=MONDAY)
    assert set(await seen(trips, user, MONDAY + timedelta(days=1))) == ids("a", "b")


async def test_what_is_still_to_come_or_going_on_is_not_seen(
    pool: Pool, trips: Trips, user: str
) -> None:
    await store(pool, user, "a", end=MONDAY)
    assert await seen(trips, user, MONDAY) == []


async def test_what_was_turned_down_is_seen_at_once(pool: Pool, trips: Trips, user: str) -> None:
    for name, signal_type in (("a", "thumbs_down"), ("b", "slot_skip"), ("c", "thumbs_up")):
        signal = a_signal(
            uuid4(), user_id=user, signal_type=signal_type, activity_node_id=a_node(name).id
        )
        await Signals(pool, TOMBSTONES).store([signal])
    assert set(await seen(trips, user, MONDAY)) == ids("a")


async def test_others_trips_and_other_cities_are_not_seen(
    pool: Pool, trips: Trips, user: str
) -> None:
    await store(pool, "someone else", "a")
    await store(pool, user, "b")
    tomorrow = MONDAY + timedelta(days=1)
    assert await seen(trips, user, tomorrow, "tokyo") == []
    assert set(await seen(trips, user, tomorrow)) == ids("b")


@pytest.mark.parametrize(
    "change",
    [
        {"ranker_rung": "guess"},
        {"status": "maybe"},
        {"end_date": MONDAY + timedelta(days=30)},
        {"end_date": MONDAY - timedelta(days=1)},
    ],
    ids=repr,
)
async def test_the_table_refuses_a_trip_that_cannot_be(
    change: dict[str, object], pool: Pool, trips: Trips, user: str
) -> None:
    trip = a_trip(id=uuid4(), user_id=user, slots=slots("a"))
    rung = change.pop("ranker_rung", None)
    if rung is not None:
        trip = replace(trip, served=replace(trip.served, rung=rung))  # type: ignore[arg-type]
    with pytest.raises(asyncpg.CheckViolationError):
        async with pool.acquire() as connection, connection.transaction():
            await insert(connection, replace(trip, **change))  # type: ignore[arg-type]
