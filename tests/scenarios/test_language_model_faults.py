"""The language model fails in each way it can: the trip still comes, whole, and says who ranked."""

from time import monotonic

import asyncpg
import pytest
from redis.asyncio import Redis

from tests.scenarios import rows
from tests.scenarios.contract import Trip as Contract
from tests.scenarios.traveller import BUDGET_S, Traveller, slots_of
from workflows.stack import Stack

RANKING = "You rank places for one part of one day"
FAILURES = {
    "429": "rate_limited",
    "529": "overloaded",
    "500": "failed",
    "garbage": "garbage",
    "refusal": "refused",
    "cut_off": "cut_off",
}


@pytest.mark.parametrize("mode", FAILURES)
async def test_a_trip_comes_by_local_evidence_when_the_model_answers_with(
    mode: str,
    stack: Stack,
    traveller: Traveller,
    database: asyncpg.Connection,
    redis: Redis,
    cold_cells: None,
) -> None:
    before = await rows.outcomes(database)
    await stack.emulator("anthropic").faults(mode=mode, next=1000, match=RANKING)
    answer = await traveller.plan()
    trip = Contract.model_validate_json(answer.content)
    assert answer.status_code == 201
    assert trip.ranker.rung == "quality"
    assert FAILURES[mode] in trip.ranker.reason
    assert answer.headers["X-Model-Version"] == trip.model_version == "none"
    assert trip.validation.violations == []
    after = await rows.outcomes(database)
    assert after[FAILURES[mode]] - before.get(FAILURES[mode], 0) == 9
    await _is_whole(str(trip.id), database, redis)


async def test_a_dropped_connection_to_the_model_is_a_failure_like_any_other(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    await stack.emulator("anthropic").faults(disconnect_next=1000, match="/v1/messages")
    trip = await traveller.trip()
    assert trip["ranker"]["rung"] == "quality"
    assert "failed" in trip["ranker"]["reason"]


async def test_a_model_that_stays_silent_costs_no_more_than_the_budget(
    stack: Stack,
    traveller: Traveller,
    database: asyncpg.Connection,
    redis: Redis,
    cold_cells: None,
) -> None:
    await traveller.trip(days=1)
    await redis.flushdb()
    before = await rows.outcomes(database)
    await stack.emulator("anthropic").faults(mode="silence", next=1000, match=RANKING)
    began = monotonic()
    answer = await traveller.plan()
    assert monotonic() - began < BUDGET_S
    assert answer.status_code == 201
    ranker = answer.json()["ranker"]
    assert (ranker["rung"], answer.headers["X-Model-Version"]) == ("quality", "none")
    assert "late" in ranker["reason"]
    assert (await rows.outcomes(database))["late"] - before.get("late", 0) == 9
    await _is_whole(answer.json()["id"], database, redis)


async def test_an_answer_that_repeats_itself_is_repaired_and_used(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    await stack.emulator("anthropic").faults(mode="duplicates", next=1000, match=RANKING)
    trip = await traveller.trip()
    assert trip["ranker"]["rung"] == "model"
    places = [slot["activity_node"]["id"] for slot in slots_of(trip)]
    assert len(set(places)) == len(places)


async def test_a_day_that_could_not_be_ranked_borrows_another_day_of_the_same_archetype(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    await traveller.trip(days=1)
    await stack.emulator("anthropic").faults(mode="529", next=1000, match=RANKING)
    trip = await traveller.trip(days=3)
    assert trip["ranker"]["rung"] == "cache"
    assert "overloaded" in trip["ranker"]["reason"]
    assert trip["model_version"].startswith("llm_ranker/")


async def test_an_archetype_that_could_not_be_ranked_borrows_from_the_nearest(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    await traveller.onboard(food=["ramen"])
    await traveller.trip(days=3)
    await traveller.onboard(outdoors=["hiking", "beaches"])
    await stack.emulator("anthropic").faults(mode="500", next=1000, match=RANKING)
    trip = await traveller.trip(days=3)
    assert trip["ranker"]["rung"] == "nearest_archetype"
    assert "failed" in trip["ranker"]["reason"]
    assert trip["model_version"].startswith("llm_ranker/")


async def test_a_trip_that_the_model_ranked_in_part_names_the_lowest_rung_and_the_model(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    await stack.emulator("anthropic").faults(mode="529", next=1000, match="evening: dinner")
    answer = await traveller.plan()
    ranker = answer.json()["ranker"]
    assert ranker["rung"] == "quality"
    assert "6 of 9 cells ranked by the language model" in ranker["reason"]
    assert answer.headers["X-Model-Version"].startswith("llm_ranker/")


async def test_the_next_trip_asks_again_once_the_model_is_back(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    await stack.emulator("anthropic").faults(mode="529", next=1000, match=RANKING)
    assert (await traveller.trip())["ranker"]["rung"] == "quality"
    await stack.emulator("anthropic").faults()
    assert (await traveller.trip())["ranker"]["rung"] == "model"


async def test_onboarding_is_told_by_the_tags_themselves_when_the_model_is_away(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    await stack.emulator("anthropic").faults(mode="529", next=1000)
    persona = await traveller.onboard(food=["ramen"])
    assert persona["source"] == "template"
    assert "ramen" in persona["description"]


async def _is_whole(trip_id: str, database: asyncpg.Connection, redis: Redis) -> None:
    """The trip, its slots, its record and its announcement stand; no flight is left."""
    assert await database.fetchval(
        "SELECT count(*) FROM itinerary_slots WHERE trip_id = $1", trip_id
    )
    context = await rows.candidate_set(database, trip_id)
    assert len(context["full_candidate_set"]) == 200
    assert context["rung"] == "quality"
    assert {candidate["ranker_score"] for candidate in context["full_candidate_set"]} == {None}
    assert len(await rows.promises(database, trip_id)) == 1
    assert not [key async for key in redis.scan_iter("flight:*", count=1000)]
