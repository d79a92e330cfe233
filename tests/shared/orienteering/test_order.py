"""Up to 12 stops the order is the shortest that keeps every window: no permutation beats it."""

import random
from itertools import pairwise, permutations

import pytest

from shared.orienteering.held_karp import shortest_path
from shared.orienteering.order import EXACT_UP_TO, shortest_order
from shared.orienteering.problem import Day, Place, Problem
from shared.orienteering.windows import Call, Frame, length_if_kept
from tests.shared.orienteering.problems import on_a_plane


def some_calls(count: int, seed: int, longest: int) -> tuple[Problem, list[Call]]:
    chance = random.Random(seed)
    problem = on_a_plane([Place(30)] * (count + 2), [Day()], seed)
    calls = []
    for place in range(count):
        opens = chance.randrange(480, 800)
        second = opens + longest + 60
        starts = ((opens, opens + chance.randrange(20, longest)), (second, second + 40))
        calls.append(Call(place, 30, starts[: chance.choice((1, 2))]))
    return problem, calls


def by_hand(problem: Problem, calls: list[Call], frame: Frame) -> float | None:
    lengths = [
        length
        for order in permutations(calls)
        if (length := length_if_kept(order, frame, problem.minutes, problem.metres)) is not None
    ]
    return min(lengths, default=None)


@pytest.mark.parametrize("seed", range(40))
def test_no_order_that_keeps_the_windows_is_shorter(seed: int) -> None:
    problem, calls = some_calls(2 + seed % 5, seed, 300)
    frame = (Frame((480, 1200)), Frame((480, 1100), len(calls), len(calls) + 1))[seed % 2]
    order = shortest_order(calls, frame, problem.minutes, problem.metres)
    expected = by_hand(problem, calls, frame)
    if order is None:
        assert expected is None
    else:
        found = length_if_kept(order, frame, problem.minutes, problem.metres)
        assert found == pytest.approx(expected)


def test_some_windows_can_be_kept_and_some_cannot() -> None:
    kept = [
        shortest_order(calls, Frame((480, 1200)), problem.minutes, problem.metres) is not None
        for problem, calls in (some_calls(6, seed, 30) for seed in range(40))
    ]
    assert 2 < sum(kept) < 38


@pytest.mark.parametrize("seed", range(10))
def test_the_shortest_path_is_that_of_all_permutations(seed: int) -> None:
    problem = on_a_plane([Place(0)] * 7, [Day()], seed)
    by_trying = min(
        sum(problem.metres[a][b] for a, b in pairwise(order)) for order in permutations(range(7))
    )
    assert shortest_path(range(7), problem.metres) == pytest.approx(by_trying)


def test_of_ways_that_differ_by_direction_the_shorter_is_found() -> None:
    one_way = [[0.0, 1.0, 9.0], [9.0, 0.0, 1.0], [9.0, 9.0, 0.0]]
    assert shortest_path(range(3), one_way) == 2.0


def test_twelve_stops_without_windows_are_as_short_as_any_path() -> None:
    problem = on_a_plane([Place(0)] * EXACT_UP_TO, [Day()], 3)
    calls = [Call(place, 0, ((0, 100_000),)) for place in range(EXACT_UP_TO)]
    frame = Frame((0, 100_000))
    order = shortest_order(calls, frame, problem.minutes, problem.metres)
    assert order is not None
    length = length_if_kept(order, frame, problem.minutes, problem.metres)
    assert length == pytest.approx(shortest_path(range(EXACT_UP_TO), problem.metres))


def test_more_stops_are_put_in_an_order_that_is_hardly_longer() -> None:
    problem = on_a_plane([Place(0)] * 14, [Day()], 4)
    calls = [Call(place, 0, ((0, 100_000),)) for place in range(14)]
    frame = Frame((0, 100_000))
    order = shortest_order(calls, frame, problem.minutes, problem.metres)
    assert order is not None
    assert sorted(call.place for call in order) == list(range(14))
    length = length_if_kept(order, frame, problem.minutes, problem.metres)
    assert length is not None
    assert length <= 1.15 * shortest_path(range(14), problem.metres)
