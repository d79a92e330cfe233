"""Choosing a day's stops where the day says what it asks for: one place for each of its wants.

The wants stand in time order, so the places that may fill them form layers, and a day is a path
through the layers. The best path is found by labels as in Righini and Salani (2009), Decremental
state space relaxation strategies for the orienteering problem with time windows: each label holds
worth less the price of the way, and the minute at which its last stop ends.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final

from shared.orienteering.problem import Interval, Problem

BREADTH: Final = 40
"""So many of the worthiest free places are weighed for each want."""

MUST_WORTH: Final = 100.0
UNFILLED: Final = -10.0
"""What a must-see adds, and an unfilled want costs: more than any scores or ways."""

_CARRIED = 3

_Label = tuple[float, float, int, int, "_Label | None"]
"""Value, minute of being ready, place, want, and the label before."""


def best_stops(
    problem: Problem, day: int, taken: Container[int], count: int = 1
) -> list[list[tuple[int, int]]]:
    """Return up to `count` ways to fill a day, best first, each as (want, place) in time order.

    `taken` places are left aside, and a want that no place can fill is left out.
    """
    asked = problem.days[day]
    labels: list[_Label] = [(0.0, asked.span[0], -1, -1, None)]
    for number in range(len(asked.wants)):
        labels.sort(key=_by_value)
        unfilled = [(label[0] + UNFILLED, *label[1:]) for label in labels[:_CARRIED]]
        labels = [*_filled(problem, day, number, taken, labels), *unfilled]
    ended = [found for label in labels if (found := _ended(problem, day, label)) is not None]
    ended.sort(key=_by_value)
    return [_unwound(label) for label in ended[:count]]


def options(
    problem: Problem, day: int, want: int, taken: Container[int]
) -> list[tuple[int, float, tuple[Interval, ...]]]:
    """Return place, worth and start windows of the worthiest free places for a want."""
    asked = problem.days[day].wants[want]
    ranked = sorted(
        (-worth - MUST_WORTH * problem.places[place].must, place)
        for place, worth in asked.worth.items()
        if place not in taken
    )
    found = []
    for worth, place in ranked:
        starts = problem.starts(place, day, asked.starts)
        if starts:
            found.append((place, -worth, starts))
            if len(found) == BREADTH:
                break
    return found


def _filled(
    problem: Problem, day: int, want: int, taken: Container[int], labels: list[_Label]
) -> Iterator[_Label]:
    """Yield for each place the best label that ends there; `labels` come best first."""
    price, begins = problem.metre_price, problem.days[day].begins
    ways = [
        (label[0], label[1], label, *_rows(problem, begins if label[4] is None else label[2]))
        for label in labels
    ]
    for place, worth, starts in options(problem, day, want, taken):
        best, best_label, best_start = -inf, None, 0.0
        latest = starts[-1][1]
        for value, ready, label, minutes, metres in ways:
            if value + worth <= best:
                break
            if minutes is not None:
                value -= price * metres[place]
                ready += minutes[place]
            if value + worth <= best or ready > latest or _visits(label, place):
                continue
            start = start_within(starts, ready)
            if start is not None:
                best, best_label, best_start = value + worth, label, start
        if best_label is not None:
            stay = problem.places[place].stay
            yield (best, best_start + stay, place, want, best_label)
