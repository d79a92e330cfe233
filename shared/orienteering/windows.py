"""Windows of time: when a stop of a route may start, and when its times are best."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.orienteering.problem import Interval, Problem, Rows, Visit


@dataclass(frozen=True, slots=True)
class Call:
    """A stop to be put in order: its place, minutes of stay, and when it may start."""

    place: int
    stay: int
    starts: tuple[Interval, ...]
    want: int | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What is fixed of a day: its span, and the places where it begins and ends, if they are."""

    span: Interval
    begins: int | None = None
    ends: int | None = None


def frame_of(problem: Problem, day: int) -> Frame:
    """Return what is fixed of a day."""
    asked = problem.days[day]
    return Frame(asked.span, asked.begins, asked.ends)


def start_within(starts: Sequence[Interval], earliest: float) -> int | None:
    """Return the first minute not before `earliest` at which a stop may start."""
    for opens, closes in starts:
        if earliest <= closes:
            return opens if earliest <= opens else -int(-earliest // 1)
    return None


def length_if_kept(
    calls: Sequence[Call], frame: Frame, minutes: Rows, metres: Rows
) -> float | None:
    """Return the metres of the calls in this order, fixed ends included; None if one is missed."""
    ready: float = frame.span[0]
    length, here = 0.0, frame.begins
    for call in calls:
        if here is not None:
            ready += minutes[here][call.place]
            length += metres[here][call.place]
        start = start_within(call.starts, ready)
        if start is None:
            return None
        ready, here = start + call.stay, call.place
    if frame.ends is not None and here is not None:
        ready += minutes[here][frame.ends]
        length += metres[here][frame.ends]
    return length if ready <= frame.span[1] else None


def latest_arrivals(calls: Sequence[Call], frame: Frame, minutes: Rows) -> list[float]:
    """Return for each call the last minute of arrival from which it and all later ones are kept.

    Minus infinity where there is none. The wait for a later interval counts as kept.
    """
    latest: list[float] = []
    after: float = frame.span[1]
    place = frame.ends
    for call in reversed(calls):
        way = 0.0 if place is None else minutes[call.place][place]
        bound = after - way - call.stay
        after = max(
            (min(closes, bound) for opens, closes in call.starts if opens <= bound),
            default=float("-inf"),
        )
        latest.append(after)
        place = call.place
    return latest[::-1]


def timed(
    calls: Sequence[Call], aims: Sequence[int | None], frame: Frame, minutes: Rows
) -> tuple[Visit, ...]:
    """Return the visits with their times: each as near its aim as those before and after allow.

    The calls have to be in an order that keeps their windows.
    """
    visits: list[Visit] = []
    ready: float = frame.span[0]
    here = frame.begins
    latest = latest_arrivals(calls, frame, minutes)
    for call, aim, last in zip(calls, _in_order(aims, calls, minutes), latest, strict=True):
        arrival = ready if here is None else ready + minutes[here][call.place]
        start = start_within(call.starts, max(arrival, min(arrival if aim is None else aim, last)))
        if start is None or start > last:
            start = start_within(call.starts, arrival)
        assert start is not None
        visits.append(Visit(call.place, start, start + call.stay, call.want))
        ready, here = start + call.stay, call.place
    return tuple(visits)


def _in_order(
    aims: Sequence[int | None], calls: Sequence[Call], minutes: Rows
) -> list[float | None]:
    """Return the aims, each early enough for the next one: nobody idles before a late lunch."""
    early: list[float | None] = []
    after, place = None, None
    for aim, call in zip(reversed(aims), reversed(calls), strict=True):
        wished: float | None = aim
        if wished is not None and after is not None and place is not None:
            wished = min(wished, after - minutes[call.place][place] - call.stay)
        early.append(wished)
        after, place = wished, call.place
    return early[::-1]
