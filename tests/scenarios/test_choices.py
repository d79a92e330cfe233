"""What a traveller chose is remembered: it is counted once, and it changes what is offered."""

from typing import Any

import asyncpg

from tests.scenarios import rows
from tests.scenarios.routes import PERSONA
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.stack import Stack


async def test_a_place_that_was_turned_down_is_not_offered_again(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection
) -> None:
    trip = await traveller.trip()
    unwanted = slots_of(trip)[0]
    await _say(stack, traveller, trip, [(unwanted, "thumbs_down")])
    context = await rows.candidate_set(database, (await traveller.trip())["id"])
    offered = {candidate["node_id"] for candidate in context["full_candidate_set"]}
    assert unwanted["activity_node"]["id"] not in offered
    assert len(offered) == 200


async def test_two_answers_on_one_slot_are_one_choice_and_a_look_is_none(
    stack: Stack, traveller: Traveller
) -> None:
    trip = await traveller.trip()
    first, second, third = slots_of(trip)[:3]
    said = [(first, "slot_accept"), (first, "thumbs_up"), (second, "slot_skip")]
    await _say(stack, traveller, trip, [*said, (third, "slot_view"), (third, "pivot_ignore")])
    assert (await _persona(traveller))["choice_count"] == 2


async def test_nineteen_choices_leave_a_traveller_cold_and_twenty_make_them_warm(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection
) -> None:
    trip = await traveller.trip(days=5, pace="full")
    slots = slots_of(trip)[:20]
    await _say(stack, traveller, trip, [(slot, "slot_accept") for slot in slots[:19]])
    assert (await _persona(traveller))["is_cold"] is True
    await _say(stack, traveller, trip, [(slots[19], "slot_accept")])
    assert (await _persona(traveller))["is_cold"] is False
    warm = await traveller.trip()
    assert "no warm ranker is in production yet" in warm["ranker"]["reason"]
    (state,) = (await rows.candidate_set(database, warm["id"]))["user_state"]
    assert (state["choice_count"], state["is_cold"]) == (20, False)


async def _say(
    stack: Stack, traveller: Traveller, trip: Trip, said: list[tuple[dict[str, Any], str]]
) -> None:
    for slot, signal_type in said:
        body = traveller.says(trip, slot, signal_type=signal_type)
        assert (await traveller.signal(body)).status_code == 202
    await stack.emulator("pubsub").until_idle()


async def _persona(traveller: Traveller) -> dict[str, Any]:
    persona: dict[str, Any] = (await traveller.send("GET", PERSONA)).json()
    return persona
