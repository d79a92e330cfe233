"""A traveller asks for a trip in a seeded city and gets one that can be walked."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.scenarios.contract import Trip as Contract
from tests.scenarios.routes import PERSONA, TRIPS
from tests.scenarios.seeding import sample_venues
from tests.scenarios.traveller import Traveller, slots_of
from workflows.stack import Stack

SEATTLE = ZoneInfo("America/Los_Angeles")
MODEL_VERSION = "llm_ranker/claude-haiku-4-5.rank-1"


@pytest.fixture
async def onboarded(traveller: Traveller) -> Traveller:
    await traveller.onboard(food=["ramen", "coffee"], outdoors=["viewpoints"])
    return traveller


async def test_the_answer_is_201_with_every_field_of_the_contract_and_no_other(
    onboarded: Traveller,
) -> None:
    answer = await onboarded.plan()
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    trip = Contract.model_validate_json(answer.content)
    assert (trip.city, trip.status, trip.start_date) == ("seattle", "planned", onboarded.start)
    assert trip.end_date == onboarded.start + timedelta(days=2)
    assert answer.headers["X-Model-Version"] == trip.model_version == MODEL_VERSION


async def test_three_days_have_two_or_more_stops_each_and_no_place_twice(
    onboarded: Traveller,
) -> None:
    trip = await onboarded.trip(days=3)
    assert [day["day_number"] for day in trip["days"]] == [1, 2, 3]
    assert [day["date"] for day in trip["days"]] == _dates(onboarded.start, 3)
    assert all(len(day["slots"]) >= 2 for day in trip["days"])
    places = [slot["activity_node"]["id"] for slot in slots_of(trip)]
    assert len(set(places)) == len(places)


async def test_every_stop_is_a_venue_of_the_sample_at_its_true_position(
    onboarded: Traveller,
) -> None:
    known = {(venue["name"], venue["lat"], venue["lon"]) for venue in sample_venues()}
    for slot in slots_of(await onboarded.trip(days=5)):
        node = slot["activity_node"]
        assert (node["name"], node["lat"], node["lon"]) in known
        assert node["origin"] == "sample"


async def test_hours_are_said_to_be_typical_wherever_they_are_told(onboarded: Traveller) -> None:
    trip = await onboarded.trip()
    assert trip["hours_source"] == trip["validation"]["hours_source"] == "typical"
    assert any("typical" in note for note in trip["validation"]["notes"])
    assert {slot["activity_node"]["hours_source"] for slot in slots_of(trip)} == {"typical"}


async def test_each_days_stops_follow_one_another_with_time_to_get_there(
    onboarded: Traveller,
) -> None:
    trip = await onboarded.trip(days=5, pace="full")
    assert trip["validation"]["violations"] == []
    for day in trip["days"]:
        assert [slot["slot_order"] for slot in day["slots"]] == list(
            range(1, len(day["slots"]) + 1)
        )
        for start, end in _times(day["slots"]):
            assert start < end
            assert str(start.astimezone(SEATTLE).date()) == day["date"]
        for (_, left), (arrived, _), slot in _ways(day["slots"]):
            assert arrived - left >= timedelta(minutes=slot["travel_minutes_from_previous"])


async def test_the_stored_trip_reads_back_exactly_as_it_was_answered(onboarded: Traveller) -> None:
    planned = await onboarded.plan()
    read = await onboarded.send("GET", f"{TRIPS}/{planned.json()['id']}")
    assert read.status_code == 200
    assert read.json() == planned.json()
    assert read.headers["X-Model-Version"] == MODEL_VERSION


@pytest.mark.parametrize("days", [1, 30])
async def test_the_shortest_and_the_longest_trip_keep_every_rule(
    onboarded: Traveller, days: int
) -> None:
    trip = await onboarded.trip(days=days)
    assert [day["date"] for day in trip["days"]] == _dates(onboarded.start, days)
    assert all(len(day["slots"]) >= 2 for day in trip["days"])
    assert trip["validation"]["violations"] == []


async def test_a_fuller_pace_has_more_stops(onboarded: Traveller) -> None:
    trips = {pace: await onboarded.trip(pace=pace) for pace in ("slow", "balanced", "full")}
    assert {pace: trip["pace"] for pace, trip in trips.items()} == {pace: pace for pace in trips}
    slow, balanced, full = (len(slots_of(trip)) for trip in trips.values())
    assert slow < balanced < full


async def test_the_pace_told_at_onboarding_holds_where_the_request_names_none(
    traveller: Traveller,
) -> None:
    await traveller.onboard(pace="full", food=["ramen"])
    assert (await traveller.trip())["pace"] == "full"
    assert (await traveller.trip(pace="slow"))["pace"] == "slow"


async def test_a_traveller_who_never_onboarded_gets_a_trip(traveller: Traveller) -> None:
    answer = await traveller.plan()
    assert answer.status_code == 201
    Contract.model_validate_json(answer.content)


async def test_a_trip_may_start_today_in_the_citys_own_time_zone(
    stack: Stack, traveller: Traveller
) -> None:
    today = datetime.fromtimestamp(stack.now(), SEATTLE).date()
    answer = await traveller.plan(start_date=str(today), days=1)
    assert answer.status_code == 201, answer.text


async def test_onboarding_says_which_persona_was_made_of_the_tags(traveller: Traveller) -> None:
    made = await traveller.onboard(outdoors=["hiking", "beaches"])
    persona = (await _persona(traveller)).json()["persona"]
    assert made["archetype"] == persona["archetype"] == "outdoors_first"
    assert len(persona["embedding"]) == 128


async def _persona(traveller: Traveller) -> httpx.Response:
    return await traveller.send("GET", PERSONA)


def _dates(start: date, days: int) -> list[str]:
    return [str(start + timedelta(days=number)) for number in range(days)]


def _times(slots: list[dict[str, Any]]) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(slot["starts_at"]), datetime.fromisoformat(slot["ends_at"]))
        for slot in slots
    ]


def _ways(slots: list[dict[str, Any]]) -> Iterator[Any]:
    return ((*times, slot) for times, slot in zip(pairwise(_times(slots)), slots[1:], strict=True))
