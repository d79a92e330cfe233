"""No trip can exist without its candidate set, its promises and its answer: one transaction."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from functions.generate_trip.main import TripLedger
from shared.idempotency.claim import Claim, RequestInProgress, make_claim
from shared.idempotency.postgres import IdempotencyKeys
from shared.nodes.postgres import Nodes
from shared.outbox.message import Message
from shared.outbox.send import Sender, SendRefused
from shared.runtime.postgres import Pool
from tests.builders import NOON, TOMBSTONES, a_city, a_draft, an_id
from tests.functions.generate_trip.world import Commit, World

TABLES = ("trips", "itinerary_slots", "behavioral_signals", "outbox")
CLAIM = make_claim("traveller-1", "/api/v1/trips", "key", b"{}", an_id("attempt"))


class Post:
    """Sends all but what it is told to fail."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.fails: Exception | None = None

    async def send(self, message: Message) -> None:
        if self.fails is not None:
            raise self.fails
        self.sent.append(message)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def ledger(pool: Pool, post: Post) -> TripLedger:
    return TripLedger(pool, Sender(topics=post, tasks=post), TOMBSTONES)


@pytest.fixture
async def commit(pool: Pool) -> AsyncIterator[Commit]:
    """A planned trip through nodes that the database holds, ready to be written."""
    world = World()
    await world.plan(days=2)
    nodes = Nodes(pool)
    await nodes.save_city(a_city(), NOON)
    await nodes.save([a_draft(slot.node) for slot in world.commit.trip.slots], NOON)
    yield world.commit
    await pool.execute(f"TRUNCATE {', '.join(TABLES)}, idempotency_keys")


async def write(ledger: TripLedger, commit: Commit, claim: Claim | None = None) -> None:
    await ledger.commit(commit.trip, commit.signal, commit.messages, claim, commit.answer)


async def rows(pool: Pool) -> list[int]:
    return [await pool.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]


async def test_trip_slots_candidate_set_and_promises_stand_together(
    pool: Pool, ledger: TripLedger, commit: Commit
) -> None:
    await write(ledger, commit)
    assert await rows(pool) == [1, len(commit.trip.slots), 1, 1 + 45]
    joined = await pool.fetchval(
        "SELECT count(*) FROM trips JOIN itinerary_slots slot ON slot.trip_id = trips.id"
        " JOIN behavioral_signals s ON s.ranking_id = trips.ranking_id"
        " AND s.ranking_id = slot.ranking_id AND s.trip_id = trips.id"
    )
    assert joined == len(commit.trip.slots)
    logged = await pool.fetchval(
        "SELECT jsonb_array_length(context -> 'full_candidate_set') FROM behavioral_signals"
    )
    assert logged == 200


@pytest.mark.parametrize("broken", ["signal", "messages", "slots", "claim"])
async def test_whatever_breaks_nothing_of_it_stands(
    broken: str, pool: Pool, ledger: TripLedger, commit: Commit
) -> None:
    changes: dict[str, Any] = {
        "signal": {"signal": replace(commit.signal, user_id="a\0b")},
        "messages": {"messages": [*commit.messages, commit.messages[0]]},
        "slots": {"trip": replace(commit.trip, slots=(commit.trip.slots[0],) * 2)},
        "claim": {},
    }
    claim = CLAIM if broken == "claim" else None  # a claim that nobody took
    with pytest.raises((asyncpg.PostgresError, RequestInProgress)):
        await write(ledger, replace(commit, **changes[broken]), claim)
    assert await rows(pool) == [0, 0, 0, 0]


async def test_the_answer_is_stored_with_the_trip(
    pool: Pool, ledger: TripLedger, commit: Commit
) -> None:
    keys = IdempotencyKeys(pool, TOMBSTONES)
    await keys.take(CLAIM, NOON, timedelta(seconds=15))
    await write(ledger, commit, CLAIM)
    again = replace(CLAIM, attempt=an_id("again"))
    assert await keys.take(again, NOON, timedelta(seconds=15)) == commit.answer


async def unsent(pool: Pool) -> int:
    count: int = await pool.fetchval("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
    return count


async def test_what_left_at_once_is_marked_and_never_relayed(
    pool: Pool, ledger: TripLedger, commit: Commit, post: Post
) -> None:
    await write(ledger, commit)
    await ledger.send(commit.messages, 5.0, NOON)
    assert len(post.sent) == 46
    assert await unsent(pool) == 0


@pytest.mark.parametrize("fails", [ConnectionError("down"), SendRefused("no such queue")])
async def test_a_failed_send_never_fails_the_trip(
    fails: Exception, pool: Pool, ledger: TripLedger, commit: Commit, post: Post
) -> None:
    post.fails = fails
    await write(ledger, commit)
    await ledger.send(commit.messages, 5.0, NOON)
    assert await unsent(pool) == 46
    assert (await rows(pool))[0] == 1


async def test_a_database_that_goes_away_after_the_commit_does_not_fail_the_trip(
    commit: Commit, post: Post
) -> None:
    async with asyncpg.create_pool("postgresql://u@127.0.0.1:1/d", min_size=0) as lost:
        ledger = TripLedger(lost, Sender(topics=post, tasks=post), TOMBSTONES)
        await ledger.send(commit.messages, 5.0, NOON)
    assert len(post.sent) == 46
