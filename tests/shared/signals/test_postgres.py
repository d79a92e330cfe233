"""Exactly one row a signal; what is about nobody's own trip is refused."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import asyncpg
import pytest

from shared.nodes.postgres import Nodes
from shared.runtime.postgres import Pool
from shared.signals.errors import NodeNotInTrip, SignalTripUnknown, SignalUnreadable
from shared.signals.postgres import Signals
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotFacts
from shared.trips import postgres as trips
from shared.trips.trip import Trip
from tests.builders import NOON, a_city, a_draft, a_node, a_signal, a_slot, a_trip, an_id
from tests.databases import widen


@pytest.fixture
def signals(pool: Pool) -> Signals:
    return Signals(pool)


@pytest.fixture
async def trip(pool: Pool) -> AsyncIterator[Trip]:
    """A stored trip through two places."""
    slots = (a_slot("Milstead"), a_slot("Elliott Bay", slot_order=2, day_part="evening"))
    made = a_trip(slots=slots)
    nodes = Nodes(pool)
    await nodes.save_city(a_city(), NOON)
    await nodes.save([a_draft(slot.node) for slot in slots], NOON)
    async with pool.acquire() as connection, connection.transaction():
        await trips.insert(connection, made)
    yield made
    await pool.execute("DELETE FROM trips")


async def test_a_second_delivery_changes_nothing(pool: Pool, signals: Signals) -> None:
    first = a_signal(uuid4())
    assert await signals.insert(first)
    again = Signal(**{name: getattr(first, name) for name in Signal.__slots__} | {"context": {}})
    assert not await signals.insert(again)
    row = await pool.fetchrow(
        "SELECT * FROM behavioral_signals WHERE signal_id = $1", first.signal_id
    )
    assert row is not None
    assert row["context"] == first.context
    assert (row["weight"], row["weight_table_version"]) == (1.0, 1)
    assert (row["slot_id"], row["ranking_id"]) == (first.slot_id, first.ranking_id)


async def test_of_deliveries_that_race_one_is_new(pool: Pool, signals: Signals) -> None:
    await widen(pool)
    signal = a_signal(uuid4())
    new = await asyncio.gather(*(signals.insert(signal) for _ in range(10)))
    assert new.count(True) == 1


async def test_a_ranking_is_logged_once(signals: Signals) -> None:
    ranking = uuid4()
    for logged in (True, False):
        signal = a_signal(
            uuid4(),
            signal_type="candidate_set_logged",
            origin="system",
            activity_node_id=None,
            ranking_id=ranking,
        )
        if logged:
            assert await signals.insert(signal)
        else:
            with pytest.raises(SignalUnreadable, match="UniqueViolation"):
                await signals.insert(signal)


@pytest.mark.parametrize(
    "change",
    [
        {"activity_node_id": None},
        {"user_id": "a\0b"},
        {"context": {"note": "a\0b"}},
        {"model_version": "\0"},
        {"created_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))},
    ],
    ids=repr,
)
async def test_a_row_that_the_table_will_never_take_is_no_signal_and_not_retried(
    change: dict[str, object], signals: Signals
) -> None:
    with pytest.raises(SignalUnreadable):
        await signals.insert(a_signal(uuid4(), **change))


async def test_imported_history_cannot_be_stored_at_full_weight(
    pool: Pool, signals: Signals
) -> None:
    await signals.insert(a_signal("imported", origin="backfill"))
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(
            "UPDATE behavioral_signals SET weight = 1 WHERE signal_id = $1", an_id("imported")
        )


async def test_the_slot_that_holds_the_place_says_what_ranked_it(
    signals: Signals, trip: Trip
) -> None:
    slot = trip.slots[1]
    found = await signals.find_slot(trip.user_id, trip.id, slot.node.id)
    assert found == SlotFacts(slot.id, trip.ranking_id, trip.model_version, 1, "evening")


async def test_another_travellers_trip_is_unknown(signals: Signals, trip: Trip) -> None:
    with pytest.raises(SignalTripUnknown):
        await signals.find_slot("someone else", trip.id, trip.slots[0].node.id)
    with pytest.raises(SignalTripUnknown):
        await signals.find_slot(trip.user_id, uuid4(), trip.slots[0].node.id)


async def test_a_place_outside_the_trip_is_named(signals: Signals, trip: Trip) -> None:
    elsewhere = a_node("elsewhere").id
    with pytest.raises(NodeNotInTrip, match=str(elsewhere)):
        await signals.find_slot(trip.user_id, trip.id, elsewhere)
