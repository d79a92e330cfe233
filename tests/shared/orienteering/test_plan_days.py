"""The solver keeps hours, ways and ends whatever it is given, and leaves little score behind."""

import doctest
import random
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.orienteering import plan_days as module
from shared.orienteering.plan_days import plan_days
from shared.orienteering.problem import Day, Place, Problem, ProblemRefused, Want
from shared.orienteering.windows import Call, Frame, length_if_kept
from tests.shared.orienteering.problems import faults, on_a_plane, some_places


def test_the_documented_example_runs() -> None:
    assert doctest.testmod(module).attempted > 3
    assert doctest.testmod(module).failed == 0


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(0, 25),
    days=st.integers(1, 3),
    fixed=st.booleans(),
)
def test_free_days_keep_hours_ways_and_ends(seed: int, count: int, days: int, fixed: bool) -> None:
    places = [Place(0), Place(0), *some_places(count, seed, days)]
    begins, ends = (0, 1) if fixed else (None, None)
    asked = [Day((480, 1080), begins=begins, ends=ends)] * days
    problem = on_a_plane(places, asked, seed)
    assert faults(problem, plan_days(problem, tries=10)) == []


@pytest.mark.parametrize("seed", range(12))
def test_of_seven_places_the_best_set_is_found_or_nearly(seed: int) -> None:
    places = [Place(0), *some_places(7, seed)]
    problem = on_a_plane(places, [Day((480, 720), begins=0, ends=0)], seed)
    best = max(
        sum(places[place].score for place in chosen)
        for size in range(8)
        for chosen in combinations(range(1, 8), size)
        if any(_kept(problem, order) for order in permutations(chosen))
    )
    [route] = plan_days(problem)
    assert sum(places[place].score for place in route.places) >= 0.95 * best


def _kept(problem: Problem, order: tuple[int, ...]) -> bool:
    calls = [
        Call(place, problem.places[place].stay, problem.starts(place, 0, problem.days[0].span))
        for place in order
    ]
    frame = Frame(problem.days[0].span, 0, 0)
    return length_if_kept(calls, frame, problem.minutes, problem.metres) is not None


def test_no_more_stops_are_made_than_wished() -> None:
    problem = on_a_plane([Place(10, score=1)] * 9, [Day(most=3), Day(most=2)], 1)
    assert [len(route.visits) for route in plan_days(problem)] == [3, 2]


def wanting(seed: int, days: int = 2, **prices: float) -> Problem:
    chance = random.Random(seed)
    places = [Place(chance.choice((30, 45, 60))) for _ in range(24)]
    sights = {place: chance.random() for place in range(12)}
    tables = {place: chance.random() for place in range(12, 24)}
    wants = (
        Want("sight", (540, 715), sights, aim=600),
        Want("lunch", (720, 855), tables, aim=750),
        Want("sight", (735, 1015), sights, aim=860),
        Want("dinner", (1050, 1215), tables, aim=1100),
    )
    problem = on_a_plane(places, [Day((480, 1380), wants)] * days, seed)
    return Problem(places, problem.minutes, problem.metres, problem.days, **prices)


@pytest.mark.parametrize("seed", range(20))
def test_every_want_is_filled_within_its_time(seed: int) -> None:
    problem = wanting(seed, metre_price=1e-5, detour_price=1.0)
    routes = plan_days(problem)
    assert faults(problem, routes) == []
    assert all(sorted(v.want or 0 for v in route.visits) == [0, 1, 2, 3] for route in routes)
    assert all(route.unfilled == () for route in routes)


def test_a_price_on_walking_buys_shorter_days_for_little_score() -> None:
    dear, free = [], []
    for seed in range(20):
        dear += plan_days(wanting(seed, metre_price=1e-4))
        free += plan_days(wanting(seed))
    assert sum(route.metres for route in dear) < 0.7 * sum(route.metres for route in free)


def test_a_price_on_odd_orders_makes_them_rare() -> None:
    def odd(price: float) -> int:
        routes = [
            route
            for seed in range(20)
            for route in plan_days(wanting(seed, metre_price=1e-4, order_price=price))
        ]
        wants = [[visit.want or 0 for visit in route.visits] for route in routes]
        return sum(order != sorted(order) for order in wants)

    assert odd(1.0) < odd(0.0) / 2


def test_a_want_that_nothing_can_fill_is_named() -> None:
    problem = wanting(1, days=1)
    shut = [
        Place(one.stay, ((),) if number >= 12 else ()) for number, one in enumerate(problem.places)
    ]
    [route] = plan_days(Problem(shut, problem.minutes, problem.metres, problem.days))
    assert route.unfilled == (1, 3)


@pytest.mark.parametrize("seed", range(10))
def test_a_must_see_is_seen_where_a_day_has_room(seed: int) -> None:
    problem = wanting(seed, days=2)
    worst = min(problem.days[0].wants[0].worth.items(), key=lambda item: item[1])[0]
    open_on_the_second = ((), ((480, 1380),))
    places = list(problem.places)
    places[worst] = Place(30, open_on_the_second, must=True)
    routes = plan_days(Problem(places, problem.minutes, problem.metres, problem.days))
    assert worst in routes[1].places


def test_stops_keep_to_their_aims_where_the_day_allows() -> None:
    orders = set()
    for seed in range(20):
        [route] = plan_days(wanting(seed, days=1))
        orders.add(tuple(visit.want for visit in route.visits))
        if [visit.want for visit in route.visits] == [0, 1, 2, 3]:
            assert [visit.starts for visit in route.visits] == [600, 750, 860, 1100]
        else:  # lunch waits for the sight that is on the way to it, and no longer
            _, sight, lunch, dinner = route.visits
            assert sight.starts <= 745
            assert lunch.starts - sight.ends <= 40
            assert dinner.starts == 1100
    assert len(orders) == 2


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ProblemRefused, match="2 places need 2 rows"):
        plan_days(Problem([Place(1), Place(1)], [[0.0]], [[0.0]], [Day()]))
    with pytest.raises(ProblemRefused, match="Day 0 names a place"):
        plan_days(Problem([Place(1)], [[0.0]], [[0.0]], [Day(begins=4)]))
    far = [[0.0, 90.0], [90.0, 0.0]]
    with pytest.raises(ProblemRefused, match="too short for the 90 minutes' way"):
        plan_days(Problem([Place(1), Place(1)], far, far, [Day((0, 60), begins=0, ends=1)]))
    with pytest.raises(ProblemRefused, match="hours for 1 days of 2"):
        plan_days(Problem([Place(1, ((),))], [[0.0]], [[0.0]], [Day(), Day()]))
