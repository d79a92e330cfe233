"""An engine dies, hangs or refuses: the promise holds, one rung lower."""

from collections.abc import AsyncIterator
from time import monotonic

import asyncpg
import pytest
from redis.asyncio import Redis

from tests.scenarios import rows
from tests.scenarios.contract import Trip as Contract
from tests.scenarios.engines import hanging, kill
from tests.scenarios.problems import refused
from tests.scenarios.seeding import nodes_in_qdrant
from tests.scenarios.traveller import BUDGET_S, Traveller
from workflows.stack import Stack


@pytest.fixture
async def qdrant_away(stack: Stack) -> AsyncIterator[None]:
    """Qdrant answers every call with an error."""
    await stack.emulator("qdrant").faults(fail_next=100_000, status=500)
    yield
    await stack.emulator("qdrant").faults()


async def test_a_trip_comes_within_its_budget_while_redis_hangs(
    stack: Stack, traveller: Traveller
) -> None:
    await traveller.trip()
    async with hanging(stack, "redis"):
        began = monotonic()
        answer = await traveller.plan()
        took = monotonic() - began
    assert answer.status_code == 201
    assert answer.json()["ranker"]["rung"] == "model"
    assert took < BUDGET_S - 2


async def test_a_trip_comes_when_redis_is_killed_and_the_next_uses_the_one_that_came_back(
    stack: Stack, traveller: Traveller, redis: Redis
) -> None:
    await kill(stack, "redis")
    assert (await traveller.plan()).status_code == 201
    await redis.ping()
    await traveller.trip()
    assert (await traveller.trip())["ranker"]["rung"] == "cache"


async def test_without_qdrant_or_cells_local_evidence_ranks_and_the_reply_says_why(
    traveller: Traveller, database: asyncpg.Connection, cold_cells: None, qdrant_away: None
) -> None:
    answer = await traveller.plan()
    trip = Contract.model_validate_json(answer.content)
    assert (answer.status_code, trip.ranker.rung) == (201, "quality")
    assert "vector index was unavailable" in trip.ranker.reason
    assert trip.validation.violations == []
    context = await rows.candidate_set(database, str(trip.id))
    assert len(context["full_candidate_set"]) == 200
    for candidate in context["full_candidate_set"]:
        assert (candidate["sources"], candidate["retrieval_score"]) == (["quality"], None)


async def test_without_qdrant_no_cell_is_made_of_other_candidates_and_kept(
    traveller: Traveller, redis: Redis, cold_cells: None, qdrant_away: None
) -> None:
    await traveller.trip()
    assert not [key async for key in redis.scan_iter("*", count=1000)]


async def test_without_qdrant_the_cached_cells_still_rank_and_the_reply_says_what_is_missing(
    stack: Stack, traveller: Traveller
) -> None:
    await traveller.trip()
    await stack.emulator("qdrant").faults(fail_next=100_000, status=500)
    try:
        ranker = (await traveller.trip())["ranker"]
    finally:
        await stack.emulator("qdrant").faults()
    assert ranker["rung"] == "cache"
    assert "candidates by local evidence" in ranker["reason"]


async def test_a_trip_comes_when_qdrant_is_killed_and_it_comes_back_with_all_its_points(
    stack: Stack, traveller: Traveller
) -> None:
    points = await nodes_in_qdrant(stack)
    await kill(stack, "qdrant")
    assert (await traveller.plan()).status_code == 201
    await _until_well(traveller)
    assert await nodes_in_qdrant(stack) == points


async def test_a_trip_comes_when_neither_messages_nor_tasks_can_be_sent(
    stack: Stack, traveller: Traveller
) -> None:
    for name in ("pubsub", "tasks"):
        await stack.emulator(name).faults(fail_next=100_000, status=503)
    try:
        assert (await traveller.plan()).status_code == 201
    finally:
        for name in ("pubsub", "tasks"):
            await stack.emulator(name).faults()


async def test_a_trip_waits_no_longer_than_its_cap_for_messages_that_hang(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection
) -> None:
    await traveller.trip()
    await stack.emulator("pubsub").faults(latency_ms=3000, match="Publish")
    try:
        began = monotonic()
        trip = await traveller.trip()
        took = monotonic() - began
    finally:
        await stack.emulator("pubsub").faults()
    assert took < 2
    (promise,) = await rows.promises(database, trip["id"])
    assert promise["sent_at"] is None


async def test_while_postgres_restarts_calls_are_refused_and_afterwards_they_succeed(
    stack: Stack, traveller: Traveller
) -> None:
    await traveller.trip()
    await kill(stack, "postgres")
    began, answers = monotonic(), [await traveller.plan()]
    while answers[-1].status_code != 201:
        assert monotonic() - began < 20
        answers.append(await traveller.plan())
    assert len(answers) > 1
    for answer in answers[:-1]:
        refused(answer, 503, "send the same request again")
        assert answer.headers["Retry-After"]


async def _until_well(traveller: Traveller) -> None:
    began = monotonic()
    while (await traveller.gateway.get("/health")).status_code != 200:
        assert monotonic() - began < 20
