"""A day that says what it asks for: filled, put in order, and bettered stop by stop."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from math import inf
from typing import Final

from shared.orienteering.held_karp import shortest_path
from shared.orienteering.layers import UNFILLED, best_stops, free_options, options_of
from shared.orienteering.order import EXACT_UP_TO, shortest_order
from shared.orienteering.problem import Problem, Route
from shared.orienteering.windows import Call, frame_of, length_if_kept, timed

FIRST_CHOICES: Final = 5
"""So many fillings of a day are put in order before the best is bettered."""

_ROUNDS = 4
_TRIED_A_ROUND = 8
_TRIED_FOR_ANOTHER = 24
_LEAST_GAIN = 1e-9
_LEAST_PATH = 50.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled day in its shortest order: value = worth less ways, detour = length/shortest - 1."""

    calls: tuple[Call, ...]
    metres: float
    detour: float
    value: float


class FramedDay:
    """One day of a problem; what was once put in order is remembered."""

    def __init__(self, problem: Problem, day: int) -> None:
        self._problem = problem
        self._day = day
        self._frame = frame_of(problem, day)
        self._wants = problem.days[day].wants
        self._options = [options_of(problem, day, want) for want in range(len(self._wants))]
        self._starts = [{option[0]: option[2] for option in layer} for layer in self._options]
        self._known: dict[tuple[tuple[int, int], ...], Draft | None] = {}

    def best(self, taken: Container[int]) -> Draft:
        """Return the best filling found that leaves `taken` places aside; empty if none is kept."""
        fillings = best_stops(self._problem, self._day, self._options, taken, FIRST_CHOICES)
        drafts = [found for pairs in fillings if (found := self._ordered(pairs)) is not None]
        if not drafts:
            return Draft((), 0.0, 0.0, UNFILLED * len(self._wants))
        draft = max(drafts, key=lambda found: found.value)
        for _ in range(_ROUNDS):
            better = self._bettered(draft, taken)
            if better is None:
                break
            draft = better
        return draft

    def substitutes(
        self, draft: Draft, place: int, taken: Container[int], count: range, detour: float
    ) -> list[Draft]:
        """Return the best days with the visit to `place` kept or another in its stead.

        The day's other visits stay, in what is then their shortest order. There are at most
        `count.stop` days, of detours up to `detour` or the draft's own; longer ones only where
        there would be fewer than `count.start`.
        """
        pairs = _pairs(draft)
        position = next(at for at, pair in enumerate(pairs) if pair[1] == place)
        others = islice(self._gains(draft, position, taken), _TRIED_FOR_ANOTHER)
        days = [self._ordered(_replaced(pairs, position, other)) for _, other in others]
        found = sorted(
            [draft, *(day for day in days if day is not None)],
            key=lambda day: (day.detour > max(detour, draft.detour), -day.value),
        )
        near = sum(day.detour <= max(detour, draft.detour) for day in found)
        return found[: min(count.stop, max(count.start, near))]

    def route(self, draft: Draft) -> Route:
        """Return the day with its times."""
        filled = {call.want for call in draft.calls}
        return Route(
            visits=timed(draft.calls, self._aims(draft.calls), self._frame, self._problem.minutes),
            metres=draft.metres,
            unfilled=tuple(want for want in range(len(self._wants)) if want not in filled),
        )

    def _bettered(self, draft: Draft, taken: Container[int]) -> Draft | None:
        """Return the day with the one substitution or exchange that betters it most."""
        best, value = None, draft.value + _LEAST_GAIN
        for gain, pairs in self._neighbours(draft, taken):
            if draft.value + gain <= value:
                continue
            found = self._ordered(pairs)
            if found is not None and found.value > value:
                best, value = found, found.value
        return best

    def _neighbours(
        self, draft: Draft, taken: Container[int]
    ) -> Iterator[tuple[float, list[tuple[int, int]]]]:
        """Yield (gain at most, day) with two stops exchanged, then with the likeliest substitutes."""
        pairs = _pairs(draft)
        for (first, (want, place)), (second, (other_want, other)) in combinations(
            enumerate(pairs), 2
        ):
            fits = other in self._starts[want] and place in self._starts[other_want]
            if fits and self._wants[want].starts != self._wants[other_want].starts:
                yield inf, _replaced(_replaced(pairs, first, other), second, place)
        ranked = sorted(
            (-gain, position, other)
            for position in range(len(pairs))
            for gain, other in self._gains(draft, position, taken)
            if gain > _LEAST_GAIN
        )
        for gain, position, other in ranked[:_TRIED_A_ROUND]:
            yield -gain, _replaced(pairs, position, other)

    def _gains(
        self, draft: Draft, position: int, taken: Container[int]
    ) -> Iterator[tuple[float, int]]:
        """Yield (gain, place) for each possible substitute, the greatest first.

        The gain supposes that the order stays and the detour vanishes: rarely is it exceeded.
        """
        want = draft.calls[position].want
        assert want is not None
        places = [call.place for call in draft.calls]
        before, after = places[:position], places[position + 1 :]
        metres, price = self._problem.metres, self._problem.metre_price
        inner = _length(places, metres)
        worth = self._problem.worth(places[position], self._day, want)
        saved = self._problem.detour_price * draft.detour - worth
        found = [
            (gain + saved + price * (inner - _length([*before, other, *after], metres)), other)
            for other, gain, _ in free_options(self._options[want], taken)
            if other not in places
        ]
        found.sort(key=lambda item: (-item[0], item[1]))
        yield from found

    def _ordered(self, pairs: Sequence[tuple[int, int]]) -> Draft | None:
        """Return the day with these (want, place) pairs; None if no order keeps its windows."""
        key = tuple(sorted(pairs))
        if key not in self._known:
            self._known[key] = self._put_in_order(key)
        return self._known[key]

    def _put_in_order(self, pairs: Sequence[tuple[int, int]]) -> Draft | None:
        problem, day = self._problem, self._day
        calls = [
            Call(place, problem.places[place].stay, self._starts[want][place], want)
            for want, place in pairs
        ]
        order = shortest_order(calls, self._frame, problem.minutes, problem.metres)
        if order is None:
            return None
        metres = length_if_kept(order, self._frame, problem.minutes, problem.metres)
        assert metres is not None
        detour = self._detour([call.place for call in order]) if problem.detour_price else 0.0
        value = sum(problem.worth(place, day, want) for want, place in pairs)
        value += UNFILLED * (len(self._wants) - len(pairs))
        value -= problem.metre_price * metres + problem.detour_price * detour
        return Draft(tuple(order), metres, detour, value)

    def _detour(self, places: Sequence[int]) -> float:
        if len(places) > EXACT_UP_TO:
            return 0.0
        shortest = max(shortest_path(places, self._problem.metres), _LEAST_PATH)
        return max(0.0, _length(places, self._problem.metres) / shortest - 1)

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


def _pairs(draft: Draft) -> list[tuple[int, int]]:
    return [(call.want, call.place) for call in draft.calls if call.want is not None]


def _replaced(pairs: list[tuple[int, int]], position: int, place: int) -> list[tuple[int, int]]:
    return [*pairs[:position], (pairs[position][0], place), *pairs[position + 1 :]]


def _length(places: Sequence[int], metres: Sequence[Sequence[float]]) -> float:
    return sum(metres[start][end] for start, end in pairwise(places))
