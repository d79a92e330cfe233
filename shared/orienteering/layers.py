"""First choice of a day's stops where the day says what it asks for: one place for each want.

The wants stand in their usual order, so the places that may fill them form layers, and a day is a
path through the layers: found by labels as in Righini and Salani (2009), Decremental state space
relaxation strategies for the orienteering problem with time windows, Computers & OR 36(4). Of each
place as each want one label is kept, so the choice is a good one and not provably the best.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from math import inf
from typing import Final

from shared.orienteering.problem import Interval, Problem
from shared.orienteering.windows import start_within

BREADTH: Final = 40
"""So many of the worthiest free places are weighed for each want."""

UNFILLED: Final = -10.0
"""What an unfilled want costs: more than any score or way, less than a must-see adds."""

_CARRIED = 3
TURN_PRICES: Final = (5e-5, 2e-4)
"""What a metre of turning back may cost, in detour prices, while the shortest path is unknown."""

_Label = tuple[float, float, int, int, "_Label | None"]
"""Value, minute of being ready, place, want, and the label before."""


_Row = Sequence[float] | None

Option = tuple[int, float, tuple[Interval, ...]]
"""A place that may fill a want, its worth as that stop, and when it may start."""


def options_of(problem: Problem, day: int, want: int) -> list[Option]:
    """Return who may fill a want on that day, the worthiest first."""
    asked = problem.days[day].wants[want]
    ranked = sorted((-problem.worth(place, day, want), place) for place in asked.worth)
    return [
        (place, -worth, starts)
        for worth, place in ranked
        if (starts := problem.starts(place, day, asked.starts))
    ]


def free_options(options: Sequence[Option], taken: Container[int]) -> Iterator[Option]:
    """Yield the first BREADTH options whose place is not taken."""
    return islice((option for option in options if option[0] not in taken), BREADTH)


class Layers:
    """The layers of one day: the options of each of its wants."""

    def __init__(self, problem: Problem, day: int, options: Sequence[Sequence[Option]]) -> None:
        self._problem = problem
        self._day = problem.days[day]
        self._options = options

    def best_stops(
        self, taken: Container[int], turn_price: float, count: int
    ) -> list[list[tuple[int, int]]]:
        """Return up to `count` ways to fill the day, best first, each of (want, place) in order.

        `taken` places are left aside, and a want that no place can fill is left out.
        """
        turn = turn_price * self._problem.detour_price
        labels: list[_Label] = [(0.0, self._day.span[0], -1, -1, None)]
        for want, layer in enumerate(self._options):
            labels.sort(key=_by_value)
            unfilled = [(label[0] + UNFILLED, *label[1:]) for label in labels[:_CARRIED]]
            filled = self._filled(want, free_options(layer, taken), labels, turn)
            labels = [*filled, *unfilled]
        ended = [found for label in labels if (found := self._ended(label)) is not None]
        ended.sort(key=_by_value)
        return [_unwound(label) for label in ended[:count]]

    def _filled(
        self, want: int, layer: Iterable[Option], labels: list[_Label], turn: float
    ) -> Iterator[_Label]:
        """Yield for each place the best label that ends there; `labels` come best first."""
        price, places = self._problem.metre_price, self._problem.places
        ways = [(label, *self._rows(label)) for label in labels]
        for place, worth, starts in layer:
            best, best_label, best_start = -inf, None, 0
            latest = starts[-1][1]
            for label, minutes, metres, before in ways:
                value, ready = label[0] + worth, label[1]
                if value <= best:
                    break
                if metres is not None and minutes is not None:
                    way = metres[place]
                    value -= price * way
                    ready += minutes[place]
                    if before is not None:
                        across = before[place]
                        value -= turn * max(0.0, way - across, before[label[2]] - across)
                if value <= best or ready > latest or _visits(label, place):
                    continue
                start = start_within(starts, ready)
                if start is not None:
                    best, best_label, best_start = value, label, start
            if best_label is not None:
                yield (best, best_start + places[place].stay, place, want, best_label)

    def _rows(self, label: _Label) -> tuple[_Row, _Row, _Row]:
        """Return minutes and metres from where the label is, and metres from the place before."""
        here = self._day.begins if label[4] is None else label[2]
        if here is None:
            return None, None, None
        metres = self._problem.metres
        before = label[4] if label[4] is not None and label[4][4] is not None else None
        back = None if before is None else metres[before[2]]
        return self._problem.minutes[here], metres[here], back

    def _ended(self, label: _Label) -> _Label | None:
        """Return the label at the day's fixed end; None if it comes there too late."""
        value, ready, place, want, before = label
        here = self._day.begins if before is None else place
        if self._day.ends is not None and here is not None:
            ready += self._problem.minutes[here][self._day.ends]
            value -= self._problem.metre_price * self._problem.metres[here][self._day.ends]
        return (value, ready, place, want, before) if ready <= self._day.span[1] else None


def _visits(label: _Label | None, place: int) -> bool:
    while label is not None:
        if label[2] == place:
            return True
        label = label[4]
    return False


def _unwound(label: _Label | None) -> list[tuple[int, int]]:
    pairs = []
    while label is not None and label[4] is not None:
        pairs.append((label[3], label[2]))
        label = label[4]
    return pairs[::-1]


def _by_value(label: _Label) -> tuple[float, float, int]:
    return -label[0], label[1], label[2]
