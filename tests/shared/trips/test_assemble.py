"""A plan is one a person can walk: nothing twice, nothing shut, in order, near, reproducible."""

from datetime import date, timedelta
from itertools import pairwise

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
from shared.trips.validate import validate
from tests.builders import MONDAY, PIKE, a_candidate, a_cell_ranking, a_city, a_node

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
        assert exploring[0].propensity == pytest.approx(1 / EXPLORATION_POOL)
        assert all(stop.propensity == 1 for stop in day.stops if not stop.explores)


def test_other_seeds_explore_other_places() -> None:
    found = {
        next(stop.node_id for stop in plan.stops() if stop.explores)
        for plan in (assemble(brief(days=1), a_city_of(200), NO_CELLS, s) for s in range(40))
    }
    assert len(found) == EXPLORATION_POOL


def test_a_slow_pace_means_fewer_stops() -> None:
    counts = [
        len(assemble(brief(days=1, pace=pace), a_city_of(200), NO_CELLS, 1).stops())
        for pace in ("slow", "balanced", "full")
    ]
    assert counts == [3, 5, 7]


def test_there_is_time_to_get_from_one_stop_to_the_next() -> None:
    plan = assemble(brief(days=5, pace="full"), a_city_of(200), NO_CELLS, 5)
    for day in plan.days:
        for before, after in pairwise(day.stops):
            gap = (after.starts_at - before.ends_at).total_seconds() / 60
            assert gap >= after.travel.minutes


def test_a_wish_that_cannot_be_met_is_reported_not_hidden() -> None:
    no_food = [c for c in a_city_of(200) if CATEGORIES[c.node.category].interest != "food"]
    plan = assemble(brief(days=1), no_food, NO_CELLS, 1)
    assert any("no meal" in wish for wish in plan.days[0].bent)
