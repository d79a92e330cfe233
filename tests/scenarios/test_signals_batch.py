"""Up to a hundred signals in one request: the good are kept, each bad one is named."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.scenarios import rows
from tests.scenarios.problems import refused
from tests.scenarios.routes import SIGNALS
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.stack import Stack


async def send(traveller: Traveller, *items: Any) -> httpx.Response:
    return await traveller.send("POST", SIGNALS, json={"signals": list(items)})


async def test_a_hundred_signals_are_a_hundred_rows_and_one_message(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    slots = slots_of(trip)
    bodies = [traveller.says(trip, slots[n % len(slots)]) for n in range(100)]
    before = (await stack.emulator("pubsub").state())["calls"].get("Publish", 0)
    answer = await send(traveller, *bodies)
    assert answer.status_code == 202
    assert answer.json() == {"accepted": [body["signal_id"] for body in bodies], "refused": []}
    assert (await stack.emulator("pubsub").state())["calls"]["Publish"] == before + 1
    await stack.emulator("pubsub").until_idle()
    stored = await rows.signals(database, trip["id"])
    assert {str(row["signal_id"]) for row in stored} == {body["signal_id"] for body in bodies}


async def test_of_a_mixed_batch_exactly_the_accepted_are_stored(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    slot, other = slots_of(trip)[:2]
    good = [traveller.says(trip, slot), traveller.says(trip, other, signal_type="thumbs_up")]
    bad = [
        (traveller.says(trip, slot, trip_id=str(uuid4())), "Trip unknown"),
        (traveller.says(trip, slot, activity_node_id=str(uuid4())), "Node not in trip"),
        (traveller.says(trip, slot, slot_id=other["id"]), "Slot not of node"),
        (traveller.says(trip, slot, signal_type="slot_swap"), "Signal type reserved"),
        (traveller.says(trip, slot, occurred_at="2001-01-01T00:00:00Z"), "Signal too old"),
        (traveller.says(trip, slot, occurred_at="2101-01-01T00:00:00Z"), "Signal from the future"),
        (good[0] | {"signal_type": "slot_skip"}, "Signal id repeated"),
        ("no signal", "Fields refused"),
        (None, "Fields refused"),
    ]
    answer = await send(traveller, good[0], *(item for item, _ in bad), good[1])
    assert answer.status_code == 202
    assert answer.json()["accepted"] == [body["signal_id"] for body in good]
    named = answer.json()["refused"]
    assert [(each["index"], each["title"]) for each in named] == [
        (index, title) for index, (_, title) in enumerate(bad, start=1)
    ]
    assert all(each["detail"].endswith(".") for each in named)
    await stack.emulator("pubsub").until_idle()
    stored = await rows.signals(database, trip["id"])
    assert {str(row["signal_id"]) for row in stored} == {body["signal_id"] for body in good}


async def test_a_batch_without_a_good_signal_is_422_and_names_them_all(
    traveller: Traveller, trip: Trip, nothing_is_written: None
) -> None:
    bad = [traveller.says(trip, slots_of(trip)[0], trip_id=str(uuid4())) for _ in range(3)]
    problem = refused(await send(traveller, *bad), 422, "None of the 3")
    named = problem["refused"]
    assert isinstance(named, list)
    assert [each["signal_id"] for each in named] == [body["signal_id"] for body in bad]


@pytest.mark.parametrize(
    "body",
    [{"signals": []}, {"signals": {}}, {"signals": [1] * 101}, {"signals": [1], "more": 1}],
    ids=["none", "object", "101", "more"],
)
async def test_what_is_no_batch_is_refused_whole(traveller: Traveller, body: Any) -> None:
    refused(await traveller.send("POST", SIGNALS, json=body), 422, "Change these fields")


async def test_while_publishing_fails_a_batch_is_inserted_at_once_and_stored_once(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    bodies = [traveller.says(trip, slot) for slot in slots_of(trip)[:5]]
    await stack.emulator("pubsub").faults(fail_next=100_000, status=503, match="Publish")
    try:
        answers = await asyncio.gather(*(send(traveller, *bodies) for _ in range(4)))
        assert {answer.status_code for answer in answers} == {202}
        assert len(await rows.signals(database, trip["id"])) == 5
    finally:
        await stack.emulator("pubsub").faults()
