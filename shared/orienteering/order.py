"""The shortest order of a day's stops in which each starts within its windows.

Exact up to EXACT_UP_TO stops: dynamic programming over subsets as in Held and Karp (1962), with
time as a second dimension as in Dumas, Desrosiers, Gelinas and Solomon (1995), An optimal algorithm
for the traveling salesman problem with time windows, Operations Research 43(2). For each subset and
last stop every pair of length and time is kept that no other pair beats in both.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import inf
from typing import Final

from shared.orienteering.problem import Rows
from shared.orienteering.windows import Call, Frame, length_if_kept, start_within

EXACT_UP_TO: Final = 12
_LEAST_GAIN = 1e-6
_LONGEST_MOVED = 3

_Label = tuple[float, float, int, "_Label | None"]
"""Metres so far, minute of being ready, last call, and the label before."""
_Layer = dict[tuple[int, int], list[_Label]]
"""Labels by the subset of calls that they hold and the last of them."""


def shortest_order(
    calls: Sequence[Call], frame: Frame, minutes: Rows, metres: Rows
) -> list[Call] | None:
    """Return the calls in the shortest order that keeps their windows; None if there is none.

    Of orders of one length it is the one that is ready first. More than EXACT_UP_TO calls have to
    come in an order that keeps the windows, and are improved from there.
    """
    if len(calls) > EXACT_UP_TO:
        return _improved(list(calls), frame, minutes, metres)
    if not all(call.starts for call in calls):
        return None
    required = _required(calls, minutes)
    layer = _first_layer(calls, frame, minutes, metres, required)
    for _ in range(len(calls) - 1):
        layer = _longer_by_one(layer, calls, minutes, metres, required)
    if not calls:
        return []
    best, best_key = None, (inf, inf)
    for label in (label for labels in layer.values() for label in labels):
        length, ready = label[:2]
        if frame.ends is not None:
            here = calls[label[2]].place
            length += metres[here][frame.ends]
            ready += minutes[here][frame.ends]
        if ready <= frame.span[1] and (length, ready) < best_key:
            best, best_key = label, (length, ready)
    return None if best is None else _unwound(best, calls)


def _required(calls: Sequence[Call], minutes: Rows) -> list[int]:
    """Return for each call the subset of those that have to come before it: after it none can."""
    required = []
    for call in calls:
        ready, way = call.starts[0][0] + call.stay, minutes[call.place]
        required.append(
            sum(
                1 << number
                for number, other in enumerate(calls)
                if other is not call and ready + way[other.place] > other.starts[-1][1]
            )
        )
    return required


def _first_layer(
    calls: Sequence[Call], frame: Frame, minutes: Rows, metres: Rows, required: Sequence[int]
) -> _Layer:
    layer: _Layer = {}
    for number, call in enumerate(calls):
        if required[number]:
            continue
        length, ready = 0.0, float(frame.span[0])
        if frame.begins is not None:
            length = metres[frame.begins][call.place]
            ready += minutes[frame.begins][call.place]
        start = start_within(call.starts, ready)
        if start is not None:
            layer[1 << number, number] = [(length, start + call.stay, number, None)]
    return layer


def _longer_by_one(
    layer: _Layer, calls: Sequence[Call], minutes: Rows, metres: Rows, required: Sequence[int]
) -> _Layer:
    longer: _Layer = {}
    for (subset, last), labels in layer.items():
        here = calls[last].place
        minutes_on, metres_on = minutes[here], metres[here]
        for number, call in enumerate(calls):
            if subset >> number & 1 or required[number] & ~subset:
                continue
            way, length = minutes_on[call.place], metres_on[call.place]
            held = subset | 1 << number
            for label in labels:
                start = start_within(call.starts, label[1] + way)
                if start is not None:
                    new = (label[0] + length, start + call.stay, number, label)
                    _keep(longer.setdefault((held, number), []), new)
    return longer


def _keep(labels: list[_Label], new: _Label) -> None:
    """Add the label unless another is as short and as early; drop those that it beats."""
    if labels:
        length, ready = new[:2]
        if any(old[0] <= length and old[1] <= ready for old in labels):
            return
        labels[:] = [old for old in labels if old[0] < length or old[1] < ready]
    labels.append(new)


def _unwound(label: _Label, calls: Sequence[Call]) -> list[Call]:
    order = []
    step: _Label | None = label
    while step is not None:
        order.append(calls[step[2]])
        step = step[3]
    return order[::-1]


def _improved(order: list[Call], frame: Frame, minutes: Rows, metres: Rows) -> list[Call] | None:
    """Return the order after segments of it were moved and reversed until none shortens it."""
    length = length_if_kept(order, frame, minutes, metres)
    while length is not None:
        for other in _neighbours(order):
            shorter = length_if_kept(other, frame, minutes, metres)
            if shorter is not None and shorter < length - _LEAST_GAIN:
                order, length = other, shorter
                break
        else:
            return order
    return None


def _neighbours(order: list[Call]) -> Iterator[list[Call]]:
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
