"""The shortest order of a day's stops in which each starts within its windows.

Exact up to EXACT_UP_TO stops: dynamic programming over subsets as Held and Karp (1962), with time as
a second dimension as Dumas, Desrosiers, Gelinas and Solomon (1995), An optimal algorithm for the
traveling salesman problem with time windows. For each subset and last stop it keeps every pair of
length and time that no other pair beats in both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import inf
from typing import Final

from shared.orienteering.problem import Interval, Rows

EXACT_UP_TO: Final = 12
_LEAST_GAIN = 1e-6
_LONGEST_MOVED = 3


@dataclass(frozen=True, slots=True)
class Call:
    """A stop to be ordered: its place, minutes of stay, and when it may start."""

    place: int
    stay: int
    starts: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """The span that a day leaves, and the places where it begins and ends if they are fixed."""

    span: Interval
    begins: int | None = None
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class _Label:
    """A partial order: metres so far, minute at which its last stop ends, how it came there."""

    metres: float
    ready: int
    last: int
    before: "_Label | None"


def shortest_order(
    calls: Sequence[Call], ends: Ends, minutes: Rows, metres: Rows
) -> list[int] | None:
    """Return the calls by number in the shortest order that keeps their windows, or None.

    Of orders of one length the one that is ready first is returned. More than EXACT_UP_TO calls are
    improved from the order that they come in (segments moved, whole and reversed), which then has
    to keep the windows itself.
    """
    if len(calls) > EXACT_UP_TO:
        return _improved(calls, ends, minutes, metres)
    return _exact(calls, ends, minutes, metres)


def start_within(starts: Sequence[Interval], earliest: float) -> int | None:
    """Return the first minute not before `earliest` at which a stop may start."""
    for opens, closes in starts:
        if earliest <= closes:
            return opens if earliest <= opens else -int(-earliest // 1)
    return None


def length_if_kept(
    calls: Sequence[Call], order: Sequence[int], ends: Ends, minutes: Rows, metres: Rows
) -> float | None:
    """Return the metres of an order, its fixed ends included; None if it misses a window."""
    ready: float = ends.span[0]
    length, here = 0.0, ends.begins
    for number in order:
        call = calls[number]
        if here is not None:
            ready += minutes[here][call.place]
            length += metres[here][call.place]
        start = start_within(call.starts, ready)
        if start is None:
            return None
        ready, here = start + call.stay, call.place
    if ends.ends is not None and here is not None:
        ready += minutes[here][ends.ends]
        length += metres[here][ends.ends]
    return length if ready <= ends.span[1] else None


def _exact(calls: Sequence[Call], ends: Ends, minutes: Rows, metres: Rows) -> list[int] | None:
    layer: dict[tuple[int, int], list[_Label]] = {}
    for number, call in enumerate(calls):
        start_metres, ready = 0.0, float(ends.span[0])
        if ends.begins is not None:
            start_metres = metres[ends.begins][call.place]
            ready += minutes[ends.begins][call.place]
        start = start_within(call.starts, ready)
        if start is not None:
            layer[1 << number, number] = [_Label(start_metres, start + call.stay, number, None)]
    for _ in range(len(calls) - 1):
        layer = _longer_by_one(layer, calls, minutes, metres)
    best, best_key = None, (inf, inf)
    for labels in layer.values():
        for label in labels:
            length, ready = label.metres, float(label.ready)
            if ends.ends is not None:
                here = calls[label.last].place
                length += metres[here][ends.ends]
                ready += minutes[here][ends.ends]
            if ready <= ends.span[1] and (length, ready) < best_key:
                best, best_key = label, (length, ready)
    return [] if not calls else _unwound(best)


def _longer_by_one(
    layer: dict[tuple[int, int], list[_Label]], calls: Sequence[Call], minutes: Rows, metres: Rows
) -> dict[tuple[int, int], list[_Label]]:
    longer: dict[tuple[int, int], list[_Label]] = {}
    for (subset, last), labels in layer.items():
        here = calls[last].place
        minutes_on, metres_on = minutes[here], metres[here]
        for number, call in enumerate(calls):
            if subset >> number & 1:
                continue
            way, length = minutes_on[call.place], metres_on[call.place]
            kept = longer.setdefault((subset | 1 << number, number), [])
            for label in labels:
                start = start_within(call.starts, label.ready + way)
                if start is not None:
                    _keep(kept, _Label(label.metres + length, start + call.stay, number, label))
    return longer


def _keep(labels: list[_Label], new: _Label) -> None:
    """Add the label unless another is as short and as early; drop those that it beats."""
    if any(old.metres <= new.metres and old.ready <= new.ready for old in labels):
        return
    labels[:] = [old for old in labels if old.metres < new.metres or old.ready < new.ready]
    labels.append(new)


def _unwound(label: _Label | None) -> list[int] | None:
    if label is None:
        return None
    order = []
    step: _Label | None = label
    while step is not None:
        order.append(step.last)
        step = step.before
    return order[::-1]


def _improved(calls: Sequence[Call], ends: Ends, minutes: Rows, metres: Rows) -> list[int] | None:
    """Return the order after segments of it were moved and reversed until none shortens it."""
    order = list(range(len(calls)))
    length = length_if_kept(calls, order, ends, minutes, metres)
    while length is not None:
        for other in _neighbours(order):
            shorter = length_if_kept(calls, other, ends, minutes, metres)
            if shorter is not None and shorter < length - _LEAST_GAIN:
                order, length = other, shorter
                break
        else:
            return order
    return None


def _neighbours(order: list[int]) -> Iterator[list[int]]:
    """Yield the orders with one segment reversed (2-opt), or one of up to three moved (Or-opt)."""
    count = len(order)
    for first, last in combinations(range(count), 2):
        yield [*order[:first], *reversed(order[first : last + 1]), *order[last + 1 :]]
    for size, first in product(range(1, _LONGEST_MOVED + 1), range(count)):
        segment, rest = order[first : first + size], order[:first] + order[first + size :]
        for to in range(len(rest) + 1):
            if to != first:
                yield [*rest[:to], *segment, *rest[to:]]
                yield [*rest[:to], *reversed(segment), *rest[to:]]
