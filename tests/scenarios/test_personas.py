"""A persona learns: what a traveller accepts by day changes who they are to the next ranking."""

from typing import Any

import asyncpg
import pytest

from shared.spaces.archetypes import centroid, cosine
from tests.scenarios import rows
from tests.scenarios.routes import PERSONA
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.stack import Stack

CULTURE = {"museum", "gallery", "historic_site", "library", "theater", "concert_hall", "cinema"}
NIGHT_S = 12 * 3600


async def test_a_food_lover_who_accepts_museums_is_someone_else_after_a_night(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection
) -> None:
    trip = await _trip_with_culture(traveller)
    await traveller.onboard(food=["ramen", "street food", "bakeries"])
    before = await _persona(traveller)
    accepted = await _accept_culture(stack, traveller, trip)
    await _night(stack)
    after = await _persona(traveller)
    assert (after["source"], before["source"]) == ("llm", "llm")
    assert after["made_of"] | {"signals_until": None} == {
        "tags": 3,
        "liked": len(accepted),
        "passed": 0,
        "signals_until": None,
    }
    assert "ramen" in after["description"]
    assert after["updated_at"] > before["updated_at"]
    assert _nearness(after, "culture_first") > _nearness(before, "culture_first") + 0.05
    trip = await traveller.trip()
    (state,) = (await rows.candidate_set(database, trip["id"]))["user_state"]
    assert state["persona_embedding"] == pytest.approx(after["embedding"])
    assert state["choice_count"] == len(accepted)


async def test_whoever_never_onboarded_gets_a_persona_from_answers_alone(
    stack: Stack, traveller: Traveller
) -> None:
    assert await _persona(traveller) is None
    await _accept_culture(stack, traveller, await _trip_with_culture(traveller))
    await _night(stack)
    persona = await _persona(traveller)
    assert (persona["archetype"], persona["made_of"]["tags"]) == ("culture_first", 0)


async def test_a_night_without_news_asks_the_language_model_nothing(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection
) -> None:
    await _accept_culture(stack, traveller, await _trip_with_culture(traveller))
    await _night(stack)
    persona = await _persona(traveller)
    asked = await rows.outcomes(database, "describe_persona")
    await _night(stack)
    assert await _persona(traveller) == persona
    assert await rows.outcomes(database, "describe_persona") == asked


async def test_with_the_language_model_away_a_persona_is_kept_until_it_is_back(
    stack: Stack, traveller: Traveller
) -> None:
    trip = await _trip_with_culture(traveller)
    await traveller.onboard(food=["ramen"])
    before = await _persona(traveller)
    await _accept_culture(stack, traveller, trip)
    await stack.emulator("anthropic").faults(fail_next=200, status=529)
    await _night(stack)
    await stack.emulator("anthropic").faults()
    assert await _persona(traveller) == before
    await _night(stack)
    assert (await _persona(traveller))["made_of"]["liked"] > 0


async def _trip_with_culture(traveller: Traveller) -> Trip:
    """A month for someone of whom nothing is known: a food lover's would hold no museum."""
    return await traveller.trip(days=30, pace="full")


async def _accept_culture(stack: Stack, traveller: Traveller, trip: Trip) -> list[dict[str, Any]]:
    """Up to ten places of culture of the trip, accepted."""
    slots = [slot for slot in slots_of(trip) if slot["activity_node"]["category"] in CULTURE][:10]
    assert len(slots) >= 8
    for slot in slots:
        assert (await traveller.signal(traveller.says(trip, slot))).status_code == 202
    await stack.emulator("pubsub").until_idle()
    return slots


async def _night(stack: Stack) -> None:
    await stack.emulator("scheduler").advance(NIGHT_S)
    await stack.jobs.run("refresh_personas")


async def _persona(traveller: Traveller) -> Any:
    return (await traveller.send("GET", PERSONA)).json()["persona"]


def _nearness(persona: dict[str, Any], archetype: Any) -> float:
    return cosine(persona["embedding"], centroid(archetype))
