"""What was ranked once is served to everyone of the same archetype without asking again."""

import asyncio
from itertools import product

import asyncpg
from redis.asyncio import Redis

from tests.scenarios import rows
from tests.scenarios.conftest import NewTraveller, forget_cells
from tests.scenarios.traveller import Traveller, slots_of
from workflows.stack import Stack

ARCHETYPES = ("food_first", "culture_first", "outdoors_first")
PARTS = ("morning", "afternoon", "evening")


async def test_the_same_request_again_is_served_from_the_cache_without_a_call(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    assert (await traveller.trip())["ranker"]["rung"] == "model"
    asked = await _asked(stack)
    again = await traveller.trip()
    assert again["ranker"] == {"rung": "cache", "reason": "9 of 9 cells from the cache"}
    assert await _asked(stack) == asked


async def test_another_traveller_of_the_archetype_is_served_from_the_same_cells(
    stack: Stack, new_traveller: NewTraveller, cold_cells: None
) -> None:
    first, second = await new_traveller(), await new_traveller()
    ramen = await first.onboard(food=["ramen"])
    tacos = await second.onboard(food=["tacos", "bakeries"])
    assert ramen["archetype"] == tacos["archetype"] == "food_first"
    await first.trip()
    asked = await _asked(stack)
    assert (await second.trip())["ranker"]["rung"] == "cache"
    assert await _asked(stack) == asked


async def test_two_travellers_of_one_archetype_do_not_get_one_identical_trip(
    new_traveller: NewTraveller,
) -> None:
    first, second = await new_traveller(), await new_traveller()
    await first.onboard(food=["ramen", "noodles"])
    await second.onboard(food=["bakeries", "coffee"])
    trips = [await traveller.trip(days=5) for traveller in (first, second)]
    one, other = ({slot["activity_node"]["id"] for slot in slots_of(trip)} for trip in trips)
    assert one != other


async def test_a_longer_trip_asks_only_for_the_days_that_are_not_cached(
    stack: Stack, traveller: Traveller, cold_cells: None
) -> None:
    await traveller.trip(days=1)
    asked = await _asked(stack)
    trip = await traveller.trip(days=2)
    assert trip["ranker"]["reason"] == (
        "3 of 6 cells from the cache, 3 of 6 cells ranked by the language model"
    )
    assert await _asked(stack) == asked + 3


async def test_requests_that_miss_the_same_cells_at_once_ask_for_each_once(
    stack: Stack, new_traveller: NewTraveller, cold_cells: None
) -> None:
    travellers = [await new_traveller() for _ in range(8)]
    asked = await _asked(stack)
    await asyncio.gather(*(traveller.trip() for traveller in travellers))
    assert await _asked(stack) == asked + 9


async def test_a_trip_on_a_cold_cache_has_all_45_cells_and_their_sentences_made_by_tasks(
    stack: Stack, traveller: Traveller, redis: Redis
) -> None:
    await _forget_within_a_new_hour(stack, redis)
    await traveller.trip(days=1)
    await stack.emulator("tasks").until_idle(60)
    cells = {tuple(key.split(":")[-3:]) async for key in redis.scan_iter("cell:*", count=1000)}
    assert cells == set(product(ARCHETYPES, PARTS, "12345"))
    kept = [key async for key in redis.scan_iter("narrative:*", count=1000)]
    assert {tuple(key.split(":")[-2:]) for key in kept} == set(product(ARCHETYPES, PARTS))
    assert not [key async for key in redis.scan_iter("flight:*", count=1000)]


async def test_a_stops_sentence_is_the_one_that_was_pre_warmed_for_it(
    traveller: Traveller, redis: Redis
) -> None:
    archetype = (await traveller.onboard(culture=["museums", "books"]))["archetype"]
    first = slots_of(await traveller.trip(days=1))[0]
    key = f"narrative:narrate-1:{first['activity_node']['id']}:{archetype}:{first['day_part']}"
    await redis.set(key, "A sentence that was made before.")
    again = slots_of(await traveller.trip(days=1))[0]
    await redis.delete(key)
    assert again["activity_node"]["id"] == first["activity_node"]["id"]
    assert again["narrative"] == "A sentence that was made before."


async def test_a_trip_asks_for_rankings_alone_and_never_for_sentences(
    database: asyncpg.Connection, traveller: Traveller, cold_cells: None
) -> None:
    before = await rows.outcomes(database, "narrate")
    trip = await traveller.trip()
    assert await rows.outcomes(database, "narrate") == before
    assert all(slot["narrative"] for slot in slots_of(trip))


async def _asked(stack: Stack) -> int:
    state = await stack.emulator("anthropic").state()
    calls: int = state["calls"].get("POST /v1/messages", 0)
    return calls


async def _forget_within_a_new_hour(stack: Stack, redis: Redis) -> None:
    """A task's name lets one through an hour: in the next hour everything is pre-warmed anew."""
    await stack.emulator("tasks").until_idle(60)
    await stack.emulator("tasks").advance(3600)
    await stack.emulator("scheduler").until_idle(60)
    await forget_cells(redis)
