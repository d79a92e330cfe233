"""What a trip promises to send is sent, even where nothing could be sent when it was made."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.scenarios import rows
from tests.scenarios.cloud import Inbox, Prewarming, run_job
from tests.scenarios.traveller import Traveller, Trip
from workflows.stack import Stack

RELAY = "relay-outbox"
# While a request still sends its own messages the relay leaves them alone.
OWN_TRY_S = 6


@pytest.fixture
async def inbox(stack: Stack) -> AsyncIterator[Inbox]:
    """What is published on `trip-generated` from now on."""
    async with Inbox(stack, "trip-generated") as opened:
        yield opened


async def test_a_trips_announcement_is_sent_once_and_marked(
    traveller: Traveller, database: asyncpg.Connection, inbox: Inbox
) -> None:
    trip = await traveller.trip()
    (promise,) = await rows.promises(database, trip["id"])
    assert promise["sent_at"] is not None
    assert (promise["attempts"], promise["parked_at"]) == (0, None)
    assert await inbox.messages() == [
        {
            "trip_id": trip["id"],
            "user_id": traveller.id,
            "city": "seattle",
            "model_version": trip["model_version"],
        }
    ]


async def test_what_could_not_be_sent_with_the_trip_is_relayed_once_and_marked(
    stack: Stack,
    traveller: Traveller,
    database: asyncpg.Connection,
    prewarming: Prewarming,
    inbox: Inbox,
    cold_cells: None,
) -> None:
    await _next_hour(stack)
    trip = await _trip_while_nothing_can_be_sent(stack, traveller)
    assert await _unsent(database, trip) == 1 + 45
    assert await prewarming.names() == []
    await stack.emulator("scheduler").advance(OWN_TRY_S)
    await run_job(stack, RELAY)
    assert await _unsent(database, trip) == 0
    assert await _announced(inbox, trip) == 1
    assert len(await prewarming.names()) == 45
    await run_job(stack, RELAY)
    assert await _announced(inbox, trip) == 0
    assert len(await prewarming.names()) == 45


async def test_a_relay_that_fails_leaves_its_messages_for_the_next(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection, inbox: Inbox
) -> None:
    await _fail(stack)
    try:
        trip = await traveller.trip()
        await stack.emulator("scheduler").advance(OWN_TRY_S)
        await run_job(stack, RELAY)
        # Read before anything can be sent again: the stack's own minute may strike at any time.
        (promise,) = await rows.promises(database, trip["id"])
    finally:
        await _recover(stack)
    assert promise["sent_at"] is None
    assert promise["attempts"] >= 1
    assert promise["last_error"]
    await run_job(stack, RELAY)
    (promise,) = await rows.promises(database, trip["id"])
    assert promise["sent_at"] is not None
    assert await _announced(inbox, trip) == 1


async def test_the_relay_leaves_alone_what_its_own_request_may_still_be_sending(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection
) -> None:
    trip = await _trip_while_nothing_can_be_sent(stack, traveller)
    await run_job(stack, RELAY)
    (promise,) = await rows.promises(database, trip["id"])
    assert (promise["sent_at"], promise["attempts"]) == (None, 0)


async def test_the_schedule_relays_within_a_minute_without_anybody_asking(
    stack: Stack, traveller: Traveller, inbox: Inbox
) -> None:
    trip = await _trip_while_nothing_can_be_sent(stack, traveller)
    await stack.emulator("scheduler").advance(60 + OWN_TRY_S)
    await stack.emulator("scheduler").until_idle()
    assert await _announced(inbox, trip) == 1


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


async def _announced(inbox: Inbox, trip: Trip) -> int:
    """How often the trip was announced since the last look."""
    return [message.get("trip_id") for message in await inbox.messages()].count(trip["id"])


async def _unsent(database: asyncpg.Connection, trip: Trip) -> int:
    """How many promises of the trip's transaction are left."""
    count: int = await database.fetchval(
        "SELECT count(*) FROM outbox JOIN trips USING (created_at)"
        " WHERE trips.id = $1 AND sent_at IS NULL",
        trip["id"],
    )
    return count
