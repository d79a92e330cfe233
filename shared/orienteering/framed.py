"""Filling a day that says what it asks for: chosen by layers, then bettered stop by stop."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import inf
from typing import Final

from shared.orienteering.drafts import DayDrafts, Draft, Pair, path_length
from shared.orienteering.layers import TURN_PRICES, Layers, free_options
from shared.orienteering.problem import Problem, Route

FIRST_CHOICES: Final = 4
"""So many fillings of each turn price are put in order before the best is bettered."""

_ROUNDS = 4
_TRIED_A_ROUND = 8
_TRIED_FOR_ANOTHER = 24
_LEAST_GAIN = 1e-9


@dataclass(frozen=True, slots=True)
class Within:
    """What may stand in for a stop: days of at most this loss of value and this detour.

    There are `most` of them at most; worse ones only where there would be fewer than `least`.
    """

    loss: float
    detour: float
    least: int
    most: int


class FramedDay:
    """One day of a problem that says what it asks for."""

    def __init__(self, problem: Problem, day: int) -> None:
        self._problem = problem
        self._day = day
        self._wants = problem.days[day].wants
        self._drafts = DayDrafts(problem, day)
        self._layers = Layers(problem, day, self._drafts.options)

    def best(self, taken: Container[int]) -> Draft:
        """Return the best filling found that leaves `taken` places aside; empty if none is kept."""
        fillings = [
            pairs
            for turn_price in TURN_PRICES
            for pairs in self._layers.best_stops(taken, turn_price, FIRST_CHOICES)
        ]
        drafts = [found for pairs in fillings if (found := self._drafts.ordered(pairs)) is not None]
        draft = max(drafts, key=lambda found: found.value, default=self._drafts.empty())
        for _ in range(_ROUNDS):
            better = self._bettered(draft, taken)
            if better is None:
                break
            draft = better
        return draft

    def substitutes(
        self, draft: Draft, place: int, taken: Container[int], within: Within
    ) -> list[Draft]:
        """Return the best days, with the visit to `place` kept or another in its stead.

        The day's other visits stay, in what is then their shortest order.
        """
        pairs = draft.pairs
        position = draft.places.index(place)
        others = islice(self._gains(draft, position, taken), _TRIED_FOR_ANOTHER)
        days = [self._drafts.ordered(_replaced(pairs, position, other)) for _, other in others]
        found = [draft, *(day for day in days if day is not None)]
        least = max(day.value for day in found) - within.loss
        detour = max(within.detour, draft.detour)

        def is_far(day: Draft) -> bool:
            return day.value < least or day.detour > detour

        near = sum(not is_far(day) for day in found)
        found.sort(key=lambda day: (is_far(day), -day.value))
        return found[: min(within.most, max(within.least, near))]

    def route(self, draft: Draft) -> Route:
        """Return the day with its times."""
        return self._drafts.route(draft)

    def _bettered(self, draft: Draft, taken: Container[int]) -> Draft | None:
        """Return the day with the one substitution or exchange that betters it most."""
        best, value = None, draft.value + _LEAST_GAIN
        for gain, pairs in [*self._exchanges(draft), *self._substitutions(draft, taken)]:
            if draft.value + gain <= value:
                continue
            found = self._drafts.ordered(pairs, value)
            if found is not None and found.value > value:
                best, value = found, found.value
        return best

    def _exchanges(self, draft: Draft) -> Iterator[tuple[float, list[Pair]]]:
        """Yield (gain at most, day) for each two stops that may change places."""
        may_fill = self._drafts.may_fill
        for first, second in combinations(range(len(draft.calls)), 2):
            (want, place), (other_want, other) = draft.pairs[first], draft.pairs[second]
            differ = self._wants[want].starts != self._wants[other_want].starts
            if differ and may_fill(want, other) and may_fill(other_want, place):
                yield inf, _replaced(_replaced(draft.pairs, first, other), second, place)

    def _substitutions(
        self, draft: Draft, taken: Container[int]
    ) -> Iterator[tuple[float, list[Pair]]]:
        """Yield (gain at most, day) for the likeliest replacements of one stop."""
        ranked = sorted(
            (-gain, position, other)
            for position in range(len(draft.calls))
            for gain, other in self._gains(draft, position, taken)
            if gain > _LEAST_GAIN
        )
        for gain, position, other in ranked[:_TRIED_A_ROUND]:
            yield -gain, _replaced(draft.pairs, position, other)

    def _gains(self, draft: Draft, position: int, taken: Container[int]) -> list[tuple[float, int]]:
        """Return (gain, place) for each possible substitute, the greatest first.

        The gain supposes that the order stays and the detour vanishes: rarely is it exceeded.
        """
        want, place = draft.pairs[position]
        places = draft.places
        before, after = places[:position], places[position + 1 :]
        metres, price = self._problem.metres, self._problem.metre_price
        inner = path_length(places, metres)
        saved = self._problem.detour_price * draft.detour
        saved -= self._problem.worth(place, self._day, want)
        found = [
            (worth + saved + price * (inner - path_length([*before, other, *after], metres)), other)
            for other, worth, _ in free_options(self._drafts.options[want], taken)
            if other not in places
        ]
        return sorted(found, key=lambda item: (-item[0], item[1]))


def _replaced(pairs: list[Pair], position: int, place: int) -> list[Pair]:
    return [*pairs[:position], (pairs[position][0], place), *pairs[position + 1 :]]
