"""A signal is about a slot of the traveller's own trip: which one, and what ranked it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from shared.nodes.postgres import Nodes
from shared.runtime.postgres import Pool
from shared.signals.postgres import Signals
from shared.signals.slot_facts import SlotFacts
from shared.trips import postgres as trips
from shared.trips.trip import Trip
from tests.builders import NOON, TOMBSTONES, a_city, a_draft, a_node, a_slot, a_trip, an_id


@pytest.fixture
def signals(pool: Pool) -> Signals:
    return Signals(pool, TOMBSTONES)


@pytest.fixture
async def made(pool: Pool) -> AsyncIterator[tuple[Trip, Trip]]:
    """Two stored trips of one traveller through the same two places."""
    slots = (a_slot("Milstead"), a_slot("Elliott Bay", slot_order=2, day_part="evening"))
    first = a_trip(slots=slots)
    others = tuple(replace(slot, id=uuid4()) for slot in slots)
    second = a_trip(id=an_id("second"), ranking_id=an_id("second ranking"), slots=others)
    nodes = Nodes(pool)
    await nodes.save_city(a_city(), NOON)
    await nodes.save([a_draft(slot.node) for slot in slots], NOON)
    async with pool.acquire() as connection, connection.transaction():
        await trips.insert(connection, first)
        await trips.insert(connection, second)
    yield first, second
    await pool.execute("DELETE FROM trips")


async def test_the_slot_that_holds_the_place_says_what_ranked_it_and_when_it_is(
    signals: Signals, made: tuple[Trip, Trip]
) -> None:
    trip, slot = made[0], made[0].slots[1]
    found = await signals.find_slots(trip.user_id, {(trip.id, slot.node.id)})
    facts = SlotFacts(slot.id, trip.ranking_id, trip.model_version, 1, "evening")
    assert found == {trip.id: {slot.node.id: facts}}


async def test_the_same_place_in_two_trips_is_two_slots(
    signals: Signals, made: tuple[Trip, Trip]
) -> None:
    nodes = {slot.node.id for slot in made[0].slots}
    named = {(trip.id, node) for trip in made for node in nodes}
    found = await signals.find_slots(made[0].user_id, named)
    assert {
        (trip_id, node_id): facts.slot_id
        for trip_id, slots in found.items()
        for node_id, facts in slots.items()
    } == {(trip.id, slot.node.id): slot.id for trip in made for slot in trip.slots}


async def test_anothers_trip_and_one_that_nobody_has_are_not_found(
    signals: Signals, made: tuple[Trip, Trip]
) -> None:
    trip = made[0]
    node = trip.slots[0].node.id
    assert await signals.find_slots("someone else", {(trip.id, node)}) == {}
    assert await signals.find_slots(trip.user_id, {(uuid4(), node)}) == {}


async def test_an_own_trip_without_the_place_is_found_and_holds_no_slot(
    signals: Signals, made: tuple[Trip, Trip]
) -> None:
    trip = made[0]
    found = await signals.find_slots(trip.user_id, {(trip.id, a_node("elsewhere").id)})
    assert found == {trip.id: {}}
