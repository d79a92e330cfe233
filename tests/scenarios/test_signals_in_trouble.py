"""What was acknowledged is stored, whatever fails; what never can be stored does not come again."""

from uuid import uuid4

import asyncpg
import orjson
import pytest

from tests.scenarios import rows
from tests.scenarios.cloud import publish
from tests.scenarios.problems import refused
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.stack import Stack


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
        b'{"signals": []}',
        b'{"signals": [{"signal_type": "slot_love", "origin": "app"}]}',
        b"\x00\xff\xfe",
    ],
)
async def test_a_message_that_is_no_signal_is_parked_with_its_reason_and_never_comes_again(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection, garbage: bytes
) -> None:
    before = await rows.parked(database)
    await publish(stack, "signals", garbage)
    (parked,) = [row for row in await rows.parked(database) if row not in before]
    assert parked["function"] == "store_signal"
    assert parked["reason"]
    assert await traveller.trip()


async def test_of_a_message_only_what_breaks_a_rule_of_the_table_is_parked_and_does_not_loop(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    before = await rows.parked(database)
    bad = {
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
        "occurred_at": "2026-11-23T00:00:00+00:00",
        "created_at": "2026-11-23T00:00:00+00:00",
    }
    node = slots_of(trip)[0]["activity_node"]["id"]
    good = {**bad, "signal_id": str(uuid4()), "activity_node_id": node}
    await publish(stack, "signals", orjson.dumps({"signals": [bad, good]}))
    (parked,) = [row for row in await rows.parked(database) if row not in before]
    assert orjson.loads(parked["body"]) == {"signals": [bad]}
    assert "NotNullViolation" in parked["reason"] or "CheckViolation" in parked["reason"]
    (row,) = await rows.signals(database, trip["id"])
    assert str(row["signal_id"]) == good["signal_id"]
