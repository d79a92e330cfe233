"""Drafts of a day that says what it asks for: its stops in the shortest order, and their value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import inf

from shared.orienteering.held_karp import shortest_path
from shared.orienteering.layers import UNFILLED, Option, options_of
from shared.orienteering.order import EXACT_UP_TO, shortest_order
from shared.orienteering.problem import Interval, Problem, Route, Rows
from shared.orienteering.windows import Call, frame_of, length_if_kept, timed

_LEAST_PATH = 50.0

Pair = tuple[int, int]
"""A want and the place that fills it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled day in its shortest order.

    `detour` is how much longer it is than the shortest path, which keeps no hours, as a share of
    that; `value` is the worth of its stops less what their ways cost.
    """

    calls: tuple[Call, ...]
    metres: float
    detour: float
    value: float

    @property
    def pairs(self) -> list[Pair]:
        """The wants and their places, in the order of the visits."""
        return [(call.want, call.place) for call in self.calls if call.want is not None]

    @property
    def places(self) -> list[int]:
        """The places in the order of the visits."""
        return [call.place for call in self.calls]


class DayDrafts:
    """The drafts of one day; what was once put in order is remembered."""

    def __init__(self, problem: Problem, day: int) -> None:
        self._problem = problem
        self._day = day
        self._frame = frame_of(problem, day)
        self._wants = problem.days[day].wants
        self.options = self._listed()
        self._starts = [{option[0]: option[2] for option in layer} for layer in self.options]
        self._known: dict[tuple[Pair, ...], Draft | None] = {}

    def empty(self) -> Draft:
        """Return the day with nothing in it."""
        return Draft((), 0.0, 0.0, UNFILLED * len(self._wants))

    def may_fill(self, want: int, place: int) -> bool:
        """Return whether the place is worth something as that stop, and open for it."""
        return place in self._starts[want]

    def ordered(self, pairs: Sequence[tuple[int, int]], least: float = -inf) -> Draft | None:
        """Return the day with these (want, place) pairs.

        None if no order keeps its windows, or if its value is plainly no more than `least`.
        """
        key = tuple(sorted(pairs))
        if key in self._known:
            return self._known[key]
        problem = self._problem
        calls = [
            Call(place, problem.places[place].stay, self._starts[want][place], want)
            for want, place in key
        ]
        order = shortest_order(calls, self._frame, problem.minutes, problem.metres)
        if order is None:
            self._known[key] = None
            return None
        straight = self._without_detour(order)
        if straight.value <= least:
            return None
        detour = self._detour([call.place for call in order]) if problem.detour_price else 0.0
        value = straight.value - problem.detour_price * detour
        self._known[key] = replace(straight, detour=detour, value=value)
        return self._known[key]

    def _without_detour(self, order: Sequence[Call]) -> Draft:
        """Return the day in this order, its detour not yet priced: that takes longest to know."""
        problem = self._problem
        metres = length_if_kept(order, self._frame, problem.minutes, problem.metres)
        assert metres is not None
        value = UNFILLED * (len(self._wants) - len(order)) - problem.metre_price * metres
        value += sum(problem.worth(call.place, self._day, call.want) for call in order)
        value -= problem.order_price * self._unusual(order)
        return Draft(tuple(order), metres, 0.0, value)

    def _unusual(self, calls: Sequence[Call]) -> int:
        """Return how many pairs with windows of their own are not in their usual order."""
        wants = [call.want for call in calls if call.want is not None]
        return sum(
            first > second and self._wants[first].starts != self._wants[second].starts
            for first, second in combinations(wants, 2)
        )

    def _detour(self, places: Sequence[int]) -> float:
        if len(places) > EXACT_UP_TO:
            return 0.0
        shortest = max(shortest_path(places, self._problem.metres), _LEAST_PATH)
        return max(0.0, path_length(places, self._problem.metres) / shortest - 1)

    def _aims(self, calls: Sequence[Call]) -> list[int | None]:
        """Return each call's aim; of wants with one window, the first visited has the earliest."""
        by_window: dict[tuple[int, int], list[int | None]] = {}
        for want in sorted(call.want for call in calls if call.want is not None):
            asked = self._wants[want]
            by_window.setdefault(asked.starts, []).append(asked.aim)
        return [
            by_window[self._wants[call.want].starts].pop(0)
            for call in calls
            if call.want is not None
        ]

    def route(self, draft: Draft) -> Route:
        """Return the day with its times."""
        filled = {call.want for call in draft.calls}
        return Route(
            visits=timed(draft.calls, self._aims(draft.calls), self._frame, self._problem.minutes),
            metres=draft.metres,
            unfilled=tuple(want for want in range(len(self._wants)) if want not in filled),
        )

    def _listed(self) -> list[list[Option]]:
        """Return the options of each want; wants that ask for the same thing share theirs."""
        listed: dict[tuple[int, Interval], list[Option]] = {}
        found = []
        for number, want in enumerate(self._wants):
            key = (id(want.worth), want.starts)
            if key not in listed:
                listed[key] = options_of(self._problem, self._day, number)
            found.append(listed[key])
        return found


def path_length(places: Sequence[int], metres: Rows) -> float:
    """Return the metres from the first place through all to the last."""
    return sum(metres[start][end] for start, end in pairwise(places))
