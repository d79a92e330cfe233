"""What a trip promises to send is sent, even where nothing could be sent when it was made."""

import asyncpg
import pytest

from tests.scenarios import rows
from tests.scenarios.cloud import Prewarming, run_job
from tests.scenarios.traveller import Traveller, Trip
from workflows.stack import Stack

JOB = "relay-outbox"
OWN_TRY_S = 6


async def test_a_trips_announcement_is_sent_once_and_marked(
    traveller: Traveller, stack: Stack, database: asyncpg.Connection
) -> None:
    trip = await traveller.trip()
    (promise,) = await rows.promises(database, trip["id"])
    assert promise["sent_at"] is not None
    assert (promise["attempts"], promise["parked_at"]) == (0, None)
    assert await _published(stack, trip) == 1


async def test_what_could_not_be_sent_with_the_trip_is_relayed_once_and_marked(
    stack: Stack,
    traveller: Traveller,
    database: asyncpg.Connection,
    prewarming: Prewarming,
    cold_cells: None,
) -> None:
    await _next_hour(stack)
    trip = await _trip_while_nothing_can_be_sent(stack, traveller)
    (announcement,) = await rows.promises(database, trip["id"])
    assert announcement["sent_at"] is None
    assert await _unsent(database) == 46
    assert await prewarming.names() == []
    await stack.emulator("scheduler").advance(OWN_TRY_S)
    await run_job(stack, JOB)
    assert await _unsent(database) == 0
    assert await _published(stack, trip) == 1
    assert len(await prewarming.names()) == 45
    await run_job(stack, JOB)
    assert await _published(stack, trip) == 1


async def test_a_relay_that_fails_leaves_its_messages_for_the_next(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection
) -> None:
    trip = await _trip_while_nothing_can_be_sent(stack, traveller)
    await stack.emulator("scheduler").advance(OWN_TRY_S)
    await _fail(stack)
    await run_job(stack, JOB)
    await _recover(stack)
    (promise,) = await rows.promises(database, trip["id"])
    assert promise["sent_at"] is None
    assert promise["attempts"] == 1
    assert promise["last_error"]
    await run_job(stack, JOB)
    (promise,) = await rows.promises(database, trip["id"])
    assert promise["sent_at"] is not None
    assert await _published(stack, trip) == 1


async def test_the_relay_leaves_alone_what_its_own_request_is_still_sending(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection
) -> None:
    trip = await _trip_while_nothing_can_be_sent(stack, traveller)
    await run_job(stack, JOB)
    (promise,) = await rows.promises(database, trip["id"])
    assert (promise["sent_at"], promise["attempts"]) == (None, 0)


@pytest.mark.parametrize("seconds", [60])
async def test_the_schedule_relays_within_a_minute_without_anybody_asking(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection, seconds: int
) -> None:
    trip = await _trip_while_nothing_can_be_sent(stack, traveller)
    await stack.emulator("scheduler").advance(seconds + OWN_TRY_S)
    await stack.emulator("scheduler").until_idle()
    (promise,) = await rows.promises(database, trip["id"])
    assert promise["sent_at"] is not None


async def _trip_while_nothing_can_be_sent(stack: Stack, traveller: Traveller) -> Trip:
    await _fail(stack)
    try:
        return await traveller.trip()
    finally:
        await _recover(stack)


async def _fail(stack: Stack) -> None:
    await stack.emulator("pubsub").faults(fail_next=100_000, status=503, match="Publish")
    await stack.emulator("tasks").faults(fail_next=100_000, status=503, match="CreateTask")


async def _recover(stack: Stack) -> None:
    for name in ("pubsub", "tasks"):
        await stack.emulator(name).faults()


async def _next_hour(stack: Stack) -> None:
    """Task names let one through an hour: in the next hour they are free again."""
    await stack.emulator("tasks").advance(3600)
    await stack.emulator("scheduler").until_idle(60)


async def _unsent(database: asyncpg.Connection) -> int:
    count: int = await database.fetchval("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
    return count


async def _published(stack: Stack, trip: Trip) -> int:
    """How often Pub/Sub was asked to publish the trip's announcement."""
    state = await stack.emulator("pubsub").state()
    return sum(trip["id"] in str(call["detail"]) for call in state["recent"])
