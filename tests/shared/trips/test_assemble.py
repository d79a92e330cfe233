"""A plan is one a person can walk: nothing twice, nothing shut, in order, near, reproducible."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.nodes.node import Position
from shared.nodes.taxonomy import CATEGORIES
from shared.personas.traveller import Pace
from shared.ranking.candidates import Candidate, Scores
from shared.ranking.cells import Cell, CellRanking
from shared.ranking.ladder import CellServed
from shared.ranking.rank_cells import CellResult
from shared.trips.assemble import EXPLORATION_POOL, Brief, assemble
from shared.trips.frame import is_meal
from shared.trips.travel import LazyRows, StreetWays
from shared.trips.validate import validate
from tests.builders import MONDAY, PIKE, a_candidate, a_cell_ranking, a_city, a_node, an_id

ZONE = a_city().zone
KINDS = sorted(CATEGORIES)
NO_CELLS = Scores({})


def brief(days: int = 3, pace: Pace = "balanced", start: date = MONDAY) -> Brief:
    return Brief(start, days, pace, ZONE)


def a_city_of(count: int, hours: str | None = "Mo-Su 00:00-24:00") -> list[Candidate]:
    return [
        a_candidate(
            a_node(
                number,
                KINDS[number % len(KINDS)],
                position=Position(PIKE.lat + number % 7 * 0.003, PIKE.lon + number % 11 * 0.003),
                opening_hours=hours,
                cross_ref_confidence=number % 10 / 10,
            ),
            similarity=number % 10 / 10,
        )
        for number in range(count)
    ]


@settings(max_examples=60, deadline=None)
@given(
    days=st.integers(1, 30),
    pace=st.sampled_from(["slow", "balanced", "full"]),
    start=st.integers(0, 400),
    seed=st.integers(0, 2**31),
)
def test_any_plan_keeps_every_rule(days: int, pace: Pace, start: int, seed: int) -> None:
    plan = assemble(
        brief(days, pace, MONDAY + timedelta(days=start)), a_city_of(200), NO_CELLS, seed
    )
    assert validate(plan, a_city())["violations"] == []
    assert len(plan.days) == days
    assert all(len(day.stops) >= 2 for day in plan.days)


def test_the_same_request_and_seed_give_the_same_plan() -> None:
    once = assemble(brief(), a_city_of(200), NO_CELLS, 7)
    again = assemble(brief(), list(reversed(a_city_of(200))), NO_CELLS, 7)
    assert once == again


def test_a_place_that_is_shut_that_day_is_never_planned() -> None:
    shut_on_mondays = a_city_of(100, hours="Tu-Su 00:00-24:00")
    open_all_week = a_city_of(200)[100:]
    plan = assemble(brief(days=1), [*shut_on_mondays, *open_all_week], NO_CELLS, 1)
    shut = {candidate.node.id for candidate in shut_on_mondays}
    assert plan.stops()
    assert not shut & {stop.node_id for stop in plan.stops()}


def test_an_overrated_place_is_left_out() -> None:
    candidates = [
        a_candidate(a_node(f"hyped {number}", kind, overrated_flag=True), similarity=1.0)
        for number, kind in enumerate(KINDS)
    ]
    plan = assemble(brief(days=1), [*candidates, *a_city_of(80)], NO_CELLS, 1)
    assert not any(stop.candidate.node.overrated_flag for stop in plan.stops())


def test_what_the_ranker_prefers_is_what_is_planned() -> None:
    favourite = a_candidate(a_node("favourite", "museum", opening_hours=None), similarity=0.0)
    cell = Cell("culture_first", "morning", 1)
    scores = Scores({cell: CellResult(a_cell_ranking("favourite"), CellServed("model"))})
    plan = assemble(brief(days=1), [*a_city_of(100), favourite], scores, 1)
    assert favourite.node.id in {stop.node_id for stop in plan.stops()}
    assert next(s for s in plan.stops() if s.node_id == favourite.node.id).score.confidence == 1.0


def test_a_nearby_place_beats_a_slightly_better_one_across_town() -> None:
    anchor = a_candidate(a_node("anchor", "museum"), similarity=1.0)
    near = a_candidate(a_node("near", "restaurant"), similarity=0.5)
    far = a_candidate(
        a_node("far", "restaurant", position=Position(PIKE.lat + 0.09, PIKE.lon)), similarity=0.6
    )
    quality = Scores(
        {
            Cell("food_first", part, 1): CellResult(CellRanking(()), CellServed("model"))
            for part in ("morning", "afternoon", "evening")
        }
    )
    plan = assemble(brief(days=1, pace="slow"), [anchor, near, far], quality, 1)
    assert [stop.candidate.node.name for stop in plan.stops()][:2] == ["anchor", "near"]


def test_one_stop_a_day_explores_and_its_odds_are_kept() -> None:
    plan = assemble(brief(days=3), a_city_of(200), NO_CELLS, 3)
    for day in plan.days:
        exploring = [stop for stop in day.stops if stop.explores]
        assert len(exploring) == 1
        assert 1 / EXPLORATION_POOL <= exploring[0].propensity <= 1 / 3
        assert all(stop.propensity == 1 for stop in day.stops if not stop.explores)


def test_the_odds_are_how_often_a_place_is_drawn_and_all_else_is_certain() -> None:
    drawn: Counter[UUID] = Counter()
    odds: dict[UUID, float] = {}
    certain = set()
    for seed in range(150):
        plan = assemble(brief(days=2), a_city_of(120), NO_CELLS, seed)
        certain.add(frozenset(stop.node_id for stop in plan.stops() if not stop.explores))
        for stop in plan.stops():
            if stop.explores:
                drawn[stop.node_id] += 1
                assert odds.setdefault(stop.node_id, stop.propensity) == stop.propensity
    assert len(certain) == 1
    assert sum(odds.values()) == pytest.approx(2)
    for node_id, count in drawn.items():
        expected = 150 * odds[node_id]
        assert abs(count - expected) < 4.5 * math.sqrt(expected)


def test_a_must_see_is_planned_and_never_drawn_against() -> None:
    dull = a_candidate(a_node("dull", "garden", cross_ref_confidence=0.0), similarity=0.0)
    asked = replace(brief(), must=frozenset({dull.node.id}))
    for seed in range(5):
        plan = assemble(asked, [*a_city_of(200), dull], NO_CELLS, seed)
        (stop,) = [stop for stop in plan.stops() if stop.node_id == dull.node.id]
        assert (stop.explores, stop.propensity) == (False, 1.0)


def test_a_must_see_that_no_day_can_hold_is_said_to_be_left_out() -> None:
    shut = a_candidate(a_node("closed for good", "museum", opening_hours="Mo-Su closed"))
    stranger = an_id("a place of another city")
    asked = replace(brief(), must=frozenset({shut.node.id, stranger}))
    plan = assemble(asked, [*a_city_of(200), shut], NO_CELLS, 1)
    wishes = [bent.wish for bent in plan.days[0].bent if bent.rule == "must_see"]
    assert len(wishes) == 2
    assert any("closed for good" in wish for wish in wishes)
    assert any(str(stranger) in wish for wish in wishes)


def test_what_is_to_be_avoided_is_left_out() -> None:
    best = a_candidate(a_node("best", "museum", cross_ref_confidence=1.0), similarity=1.0)
    places = [*a_city_of(200), best]
    assert best.node.id in {s.node_id for s in assemble(brief(), places, NO_CELLS, 1).stops()}
    shunning = replace(brief(), avoid=frozenset({best.node.id}))
    plan = assemble(shunning, places, NO_CELLS, 1)
    assert best.node.id not in {stop.node_id for stop in plan.stops()}


def test_a_routing_service_can_take_the_place_of_the_rule_of_thumb() -> None:
    """Where the way across a river is long, days stay on one side of it."""
    river = PIKE.lon + 0.015

    class FerryWays(StreetWays):
        def __init__(self, places: Sequence[Position]) -> None:
            super().__init__(places)
            banks = [place.lon < river for place in places]
            count = len(places)
            self.minutes = LazyRows(
                count, lambda a: [20 + 70 * (banks[a] != banks[b]) for b in range(count)]
            )
            self.metres = LazyRows(
                count, lambda a: [500.0 + 200_000 * (banks[a] != banks[b]) for b in range(count)]
            )

    class Ferry:
        def ways(self, places: Sequence[Position]) -> FerryWays:
            return FerryWays(places)

    plan = assemble(brief(), a_city_of(200), NO_CELLS, 1, router=Ferry())
    for day in plan.days:
        assert len({stop.candidate.node.position.lon < river for stop in day.stops}) == 1


def test_other_seeds_explore_other_places() -> None:
    found = {
        next(stop.node_id for stop in plan.stops() if stop.explores)
        for plan in (assemble(brief(days=1), a_city_of(200), NO_CELLS, s) for s in range(40))
    }
    assert 3 <= len(found) <= EXPLORATION_POOL


def test_the_afternoon_is_filled_until_late() -> None:
    plan = assemble(brief(days=5), a_city_of(200), NO_CELLS, 1)
    for day in plan.days:
        afternoon = [stop for stop in day.stops if stop.day_part == "afternoon"]
        assert len(afternoon) == 3
        assert afternoon[-1].ends_at.hour * 60 + afternoon[-1].ends_at.minute >= 16 * 60


def test_lunch_and_dinner_stand_at_meal_times() -> None:
    plan = assemble(brief(days=5, pace="full"), a_city_of(200), NO_CELLS, 2)
    for day in plan.days:
        meals = [s.starts_at.hour for s in day.stops if is_meal(s.candidate.node.category)]
        assert len(meals) == 2
        assert 12 <= meals[0] <= 14
        assert 17 <= meals[1] <= 20


def test_a_slow_pace_means_fewer_stops() -> None:
    counts = [
        len(assemble(brief(days=1, pace=pace), a_city_of(200), NO_CELLS, 1).stops())
        for pace in ("slow", "balanced", "full")
    ]
    assert counts == [4, 6, 7]


def test_there_is_time_to_get_from_one_stop_to_the_next() -> None:
    plan = assemble(brief(days=5, pace="full"), a_city_of(200), NO_CELLS, 5)
    for day in plan.days:
        for before, after in pairwise(day.stops):
            gap = (after.starts_at - before.ends_at).total_seconds() / 60
            assert gap >= after.travel.minutes


def test_a_wish_that_cannot_be_met_is_reported_not_hidden() -> None:
    no_food = [c for c in a_city_of(200) if CATEGORIES[c.node.category].interest != "food"]
    plan = assemble(brief(days=1), no_food, NO_CELLS, 1)
    bent = plan.days[0].bent
    assert [one.rule for one in bent] == ["meals", "meals"]
    assert all("no meal" in one.wish for one in bent)
    assert validate(plan, a_city())["violations"] == []
