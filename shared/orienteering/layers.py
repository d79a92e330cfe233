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
_TURN_PRICE = 5e-5
"""A turn back, in detour prices a metre: stands in while the day's shortest path is not known."""

_Label = tuple[float, float, int, int, "_Label | None"]
"""Value, minute of being ready, place, want, and the label before."""


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


def best_stops(
    problem: Problem,
    day: int,
    options: Sequence[Sequence[Option]],
    taken: Container[int],
    count: int,
) -> list[list[tuple[int, int]]]:
    """Return up to `count` ways to fill a day, best first, each of (want, place) in order.

    `options` are those of each want. `taken` places are left aside, and a want that no place can
    fill is left out.
    """
    labels: list[_Label] = [(0.0, problem.days[day].span[0], -1, -1, None)]
    for want, layer in enumerate(options):
        labels.sort(key=_by_value)
        unfilled = [(label[0] + UNFILLED, *label[1:]) for label in labels[:_CARRIED]]
        filled = _filled(problem, day, want, free_options(layer, taken), labels)
        labels = [*filled, *unfilled]
    ended = [found for label in labels if (found := _ended(problem, day, label)) is not None]
    ended.sort(key=_by_value)
    return [_unwound(label) for label in ended[:count]]


def _filled(
    problem: Problem, day: int, want: int, layer: Iterable[Option], labels: list[_Label]
) -> Iterator[_Label]:
    """Yield for each place the best label that ends there; `labels` come best first."""
    price, turn = problem.metre_price, problem.detour_price * _TURN_PRICE
    ways = [(label, *_rows(problem, day, label)) for label in labels]
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
                if before is not None:
                    value -= turn * max(0.0, way - before[place], before[label[2]] - before[place])
                ready += minutes[place]
            if value <= best or ready > latest or _visits(label, place):
                continue
            start = start_within(starts, ready)
            if start is not None:
                best, best_label, best_start = value, label, start
        if best_label is not None:
            yield (best, best_start + problem.places[place].stay, place, want, best_label)


_Row = Sequence[float] | None


def _rows(problem: Problem, day: int, label: _Label) -> tuple[_Row, _Row, _Row]:
    """Return minutes and metres from the label's place, and metres from the place before that."""
    here = problem.days[day].begins if label[4] is None else label[2]
    if here is None:
        return None, None, None
    before = label[4] if label[4] is not None and label[4][4] is not None else None
    return (
        problem.minutes[here],
        problem.metres[here],
        None if before is None else problem.metres[before[2]],
    )


def _visits(label: _Label | None, place: int) -> bool:
    while label is not None:
        if label[2] == place:
            return True
        label = label[4]
    return False


def _ended(problem: Problem, day: int, label: _Label) -> _Label | None:
    """Return the label at the day's fixed end; None if it comes there too late."""
    asked = problem.days[day]
    value, ready, place, want, before = label
    here = asked.begins if before is None else place
    if asked.ends is not None and here is not None:
        ready += problem.minutes[here][asked.ends]
        value -= problem.metre_price * problem.metres[here][asked.ends]
    return (value, ready, place, want, before) if ready <= asked.span[1] else None


def _unwound(label: _Label | None) -> list[tuple[int, int]]:
    pairs = []
    while label is not None and label[4] is not None:
        pairs.append((label[3], label[2]))
        label = label[4]
    return pairs[::-1]


def _by_value(label: _Label) -> tuple[float, float, int]:
    return -label[0], label[1], label[2]
