"""What a traveller answers is stored exactly once, with what only the server knows."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from tests.scenarios import rows
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
    body, parked = traveller.says(trip, slots_of(trip)[0]), await rows.parked(database)
    answers = await asyncio.gather(*(traveller.signal(body) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    await stack.emulator("pubsub").until_idle()
    assert len(await rows.signals(database, trip["id"])) == 1
    assert await rows.parked(database) == parked


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
    assert (row["weight"], row["weight_table_version"]) == (1.5, 2)  # skipped within 900 ms
    assert row["occurred_at"] == row["created_at"]
    assert row["simulated"] is False
    assert row["context"] == {
        "time_to_action_ms": 900,
        "day_of_trip": 2,
        "day_part": slot["day_part"],
        "group_size": 1,
    }


async def test_a_signal_that_was_kept_while_offline_says_when_it_happened(
    stack: Stack, traveller: Traveller, trip: Trip, database: asyncpg.Connection
) -> None:
    happened = datetime.fromtimestamp(stack.now(), UTC) - timedelta(days=3)
    slot = slots_of(trip)[0]
    body = traveller.says(trip, slot, occurred_at=happened.isoformat(), slot_id=slot["id"])
    assert (await traveller.signal(body)).status_code == 202
    await stack.emulator("pubsub").until_idle()
    (row,) = await rows.signals(database, trip["id"])
    assert row["occurred_at"] == happened
    assert row["created_at"] - happened >= timedelta(days=3)


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
