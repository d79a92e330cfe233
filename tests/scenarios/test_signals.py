"""What a traveller answers is stored exactly once, with what only the server knows."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from tests.scenarios import rows
from tests.scenarios.cloud import publish
from tests.scenarios.conftest import NewTraveller
from tests.scenarios.problems import refused
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.stack import Stack

CLIENT_TYPES = (
    "slot_view",
    "slot_accept",
    "slot_skip",
    "pivot_accept",
    "pivot_dismiss",
    "pivot_ignore",
    "thumbs_up",
    "thumbs_down",
)


@pytest.fixture
async def trip(traveller: Traveller) -> Trip:
    return await traveller.trip()


async def test_500_signals_at_once_are_all_acknowledged_and_make_exactly_500_rows(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    slot = slots_of(trip)[0]
    bodies = [traveller.says(trip, slot) for _ in range(500)]
    answers = await asyncio.gather(*(traveller.signal(body) for body in bodies))
    assert Counter(answer.status_code for answer in answers) == {202: 500}
    await stack.emulator("pubsub").until_idle(60)
    stored = await rows.signals(database, trip["id"])
    assert len(stored) == 500
    assert {str(row["signal_id"]) for row in stored} == {body["signal_id"] for body in bodies}


async def test_a_signal_sent_again_with_its_id_is_stored_once(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    body, parked = traveller.says(trip, slots_of(trip)[0]), await _parked(database)
    answers = await asyncio.gather(*(traveller.signal(body) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    await stack.emulator("pubsub").until_idle()
    assert len(await rows.signals(database, trip["id"])) == 1
    assert await _parked(database) == parked


async def test_a_message_that_pubsub_delivers_twice_is_stored_once(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    await stack.emulator("pubsub").faults(duplicate_next=3)
    for slot in slots_of(trip)[:3]:
        assert (await traveller.signal(traveller.says(trip, slot))).status_code == 202
    await stack.emulator("pubsub").until_idle()
    assert len(await rows.signals(database, trip["id"])) == 3


async def test_the_server_fills_in_slot_ranking_model_and_moment_and_takes_none_from_a_client(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    slot = trip["days"][1]["slots"][-1]
    body = traveller.says(trip, slot, signal_type="slot_skip")
    answer = await traveller.signal(body)
    assert (answer.status_code, answer.headers["X-Model-Version"]) == (202, "none")
    assert answer.json() == {"signal_id": body["signal_id"], "status": "accepted"}
    await stack.emulator("pubsub").until_idle()
    (row,) = await rows.signals(database, trip["id"])
    (ranking,) = await rows.candidate_sets(database, trip["id"])
    assert row["slot_id"] == UUID(slot["id"])
    assert row["ranking_id"] == ranking["ranking_id"]
    assert row["model_version"] == trip["model_version"]
    assert (row["user_id"], row["origin"]) == (traveller.id, "app")
    assert (row["weight"], row["weight_table_version"]) == (1.0, 1)
    assert row["context"] == {
        "time_to_action_ms": 900,
        "day_of_trip": 2,
        "day_part": slot["day_part"],
        "group_size": 1,
    }


@pytest.mark.parametrize("field", ["slot_id", "ranking_id", "model_version", "weight", "origin"])
async def test_what_the_server_alone_knows_is_refused_from_a_client(
    traveller: Traveller, trip: Trip, field: str
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], **{field: str(uuid4())})
    refused(await traveller.signal(body), 422, field)


@pytest.mark.parametrize("signal_type", CLIENT_TYPES)
async def test_every_type_that_a_client_may_send_is_stored(
    stack: Stack,
    traveller: Traveller,
    trip: Trip,
    database: asyncpg.Connection,
    signal_type: str,
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], signal_type=signal_type)
    assert (await traveller.signal(body)).status_code == 202
    await stack.emulator("pubsub").until_idle()
    (row,) = await rows.signals(database, trip["id"])
    assert row["signal_type"] == signal_type


@pytest.mark.parametrize(
    "signal_type", ["slot_swap", "pivot_offered", "candidate_set_logged", "slot_love", "", 7]
)
async def test_a_type_that_the_server_alone_writes_or_nobody_knows_is_refused(
    traveller: Traveller, trip: Trip, signal_type: Any
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], signal_type=signal_type)
    refused(await traveller.signal(body), 422, "signal_type")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signal_id", "not-a-uuid"),
        ("signal_id", None),
        ("activity_node_id", 12),
        ("trip_id", ""),
        ("context", {"time_to_action_ms": -1}),
        ("context", {"time_to_action_ms": "fast"}),
        ("context", {"mood": "sunny"}),
        ("context", []),
    ],
)
async def test_a_field_of_another_kind_is_refused_by_its_name(
    traveller: Traveller, trip: Trip, field: str, value: Any
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], **{field: value})
    refused(await traveller.signal(body), 422, field)


async def test_a_signal_on_anothers_trip_is_404_and_leaves_no_row(
    new_traveller: NewTraveller, trip: Trip, database: asyncpg.Connection
) -> None:
    stranger = await new_traveller()
    body = stranger.says(trip, slots_of(trip)[0])
    refused(await stranger.signal(body), 404, "your own trips")
    assert not await rows.signals(database, trip["id"])


async def test_a_signal_on_a_place_that_the_trip_does_not_hold_is_422(
    traveller: Traveller, trip: Trip
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], activity_node_id=str(uuid4()))
    refused(await traveller.signal(body), 422, "one of its slots")


async def test_while_publishing_fails_a_signal_is_inserted_at_once_and_stored_once(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    await stack.emulator("pubsub").faults(fail_next=100_000, status=503, match="Publish")
    body = traveller.says(trip, slots_of(trip)[0])
    try:
        assert (await traveller.signal(body)).status_code == 202
        assert len(await rows.signals(database, trip["id"])) == 1
    finally:
        await stack.emulator("pubsub").faults()
    assert (await traveller.signal(body)).status_code == 202
    await stack.emulator("pubsub").until_idle()
    assert len(await rows.signals(database, trip["id"])) == 1


async def test_a_publish_that_hangs_ends_in_a_row_of_its_own_all_the_same(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    await stack.emulator("pubsub").faults(latency_ms=3500, match="Publish")
    try:
        answer = await traveller.signal(traveller.says(trip, slots_of(trip)[0]))
        assert answer.status_code == 202
        assert len(await rows.signals(database, trip["id"])) == 1
    finally:
        await stack.emulator("pubsub").faults()


async def test_a_signal_that_nothing_could_store_is_503_and_never_202(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    await stack.emulator("pubsub").faults(fail_next=100_000, status=503, match="Publish")
    body = traveller.says(trip, slots_of(trip)[0])
    await database.execute("ALTER TABLE behavioral_signals RENAME TO behavioral_signals_away")
    try:
        answer = await traveller.signal(body)
    finally:
        await database.execute("ALTER TABLE behavioral_signals_away RENAME TO behavioral_signals")
        await stack.emulator("pubsub").faults()
    refused(answer, 503, "not stored", "same signal_id")
    assert answer.headers["Retry-After"]
    assert (await traveller.signal(body)).status_code == 202
    await stack.emulator("pubsub").until_idle()
    assert len(await rows.signals(database, trip["id"])) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"not json at all",
        b"[]",
        b'{"signal_id": 7}',
        orjson.dumps({"signal_id": str(uuid4()), "signal_type": "slot_love", "origin": "app"}),
        b"\x00\xff\xfe",
    ],
)
async def test_a_message_that_is_no_signal_is_parked_with_its_reason_and_never_comes_again(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection, garbage: bytes
) -> None:
    before = await _parked(database)
    await publish(stack, "signals", garbage)
    (parked,) = [row for row in await _parked(database) if row not in before]
    assert parked["function"] == "store_signal"
    assert parked["reason"]
    assert await traveller.trip()


async def test_a_signal_that_breaks_a_rule_of_the_table_is_parked_and_does_not_loop(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    before = await _parked(database)
    message = {
        "signal_id": str(uuid4()),
        "user_id": traveller.id,
        "signal_type": "slot_accept",
        "origin": "app",
        "activity_node_id": None,
        "trip_id": trip["id"],
        "slot_id": None,
        "ranking_id": None,
        "model_version": None,
        "context": {},
        "created_at": "2026-11-23T00:00:00+00:00",
    }
    await publish(stack, "signals", orjson.dumps(message))
    assert len(await _parked(database)) == len(before) + 1
    assert not await rows.signals(database, trip["id"])


async def _parked(database: asyncpg.Connection) -> list[asyncpg.Record]:
    return await database.fetch("SELECT * FROM parked_messages")
