"""Days without wants: as much score as their time allows (team orienteering with time windows).

Iterated local search after Vansteenwegen, Souffriau, Vanden Berghe and Van Oudheusden (2009),
Computers & OR 36(12): insert what scores most for the time it takes, and when nothing fits, shake:
take some visits in a row out of every day and begin again. The problem goes back to Tsiligirides
(1984); see the survey of Vansteenwegen, Souffriau and Van Oudheusden (2011), EJOR 209(1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf

from shared.orienteering.order import shortest_order
from shared.orienteering.problem import Problem, Route
from shared.orienteering.windows import (
    Call,
    Frame,
    frame_of,
    latest_arrivals,
    length_if_kept,
    start_within,
    timed,
)


@dataclass(slots=True)
class _Tour:
    """One day as it grows: its calls, and what may be inserted where at which gain a minute."""

    day: int
    frame: Frame
    calls: list[Call] = field(default_factory=list)
    insertions: dict[int, tuple[float, int]] | None = None


def fill_freely(
    problem: Problem, days: Sequence[int], taken: Iterable[int], tries: int
) -> dict[int, Route]:
    """Return the days' routes, none of them with a place in `taken`.

    Ends after `tries` shakes in a row without a better plan. The same problem gives the same plan.
    """
    ends = {end for day in days for end in (problem.days[day].begins, problem.days[day].ends)}
    free = set(range(len(problem.places))) - set(taken) - ends
    tours = [_Tour(day, frame_of(problem, day)) for day in days]
    _insert_all(problem, tours, free)
    best, best_value = [list(tour.calls) for tour in tours], _value(problem, tours)
    length, start, idle = 1, 0, 0
    longest = max(1, max((len(calls) for calls in best), default=0))
    while idle < tries and any(best):
        _shake(tours, free, start, length)
        _insert_all(problem, tours, free)
        value = _value(problem, tours)
        if value > best_value + 1e-9:
            best, best_value = [list(tour.calls) for tour in tours], value
            length, idle = 1, 0
        else:
            idle += 1
        start += length
        length += 1
        if length > longest // 2 + 1:
            length = 1
        if idle and idle % (longest * 4) == 0:
            _restore(tours, best, free)
    _restore(tours, best, free)
    _shorten(problem, tours)
    _insert_all(problem, tours, free)
    return {tour.day: _route(problem, tour) for tour in tours}


def _insert_all(problem: Problem, tours: Sequence[_Tour], free: set[int]) -> None:
    """Insert the visit of the greatest gain, and again, until nothing fits."""
    while True:
        best: tuple[float, int, int, _Tour] | None = None
        for tour in tours:
            if tour.insertions is None:
                tour.insertions = _insertions(problem, tour, free)
            for place, (gain, position) in tour.insertions.items():
                if place in free and (best is None or gain > best[0]):
                    best = (gain, place, position, tour)
        if best is None:
            return
        _, place, position, tour = best
        tour.calls.insert(position, _call(problem, tour, place))
        tour.insertions = None
        free.discard(place)


def _insertions(problem: Problem, tour: _Tour, free: set[int]) -> dict[int, tuple[float, int]]:
    """Return for each free place its best position, where it has one, and the gain there."""
    most = problem.days[tour.day].most
    if most is not None and len(tour.calls) >= most:
        return {}
    gaps = _gaps(problem, tour)
    found = {}
    for place in sorted(free):
        one = _best_gap(problem, tour, place, gaps)
        if one is not None:
            found[place] = one
    return found


_Gap = tuple[int, float, int | None, int | None, float, float]
"""Position, ready before it, places before and after, the way between, latest arrival after."""


def _gaps(problem: Problem, tour: _Tour) -> list[_Gap]:
    frame, minutes = tour.frame, problem.minutes
    latest = [*latest_arrivals(tour.calls, frame, minutes), float(frame.span[1])]
    ready: float = frame.span[0]
    here = frame.begins
    gaps = []
    for position in range(len(tour.calls) + 1):
        call = tour.calls[position] if position < len(tour.calls) else None
        after = frame.ends if call is None else call.place
        way = 0.0 if here is None or after is None else minutes[here][after]
        gaps.append((position, ready, here, after, way, latest[position]))
        if call is not None:
            start = start_within(call.starts, ready + way)
            assert start is not None
            ready, here = start + call.stay, call.place
    return gaps


def _best_gap(
    problem: Problem, tour: _Tour, place: int, gaps: Sequence[_Gap]
) -> tuple[float, int] | None:
    """Return gain (worth squared for the time taken) and position of the best insertion."""
    call = _call(problem, tour, place)
    if not call.starts:
        return None
    minutes, metres = problem.minutes, problem.metres
    worth = problem.worth(place, tour.day, None)
    best, best_position = 0.0, -1
    for position, ready, here, after, way, latest in gaps:
        to = 0.0 if here is None else minutes[here][place]
        on = 0.0 if after is None else minutes[place][after]
        start = start_within(call.starts, ready + to)
        if start is None or start + call.stay + on > latest:
            continue
        gain = worth
        if problem.metre_price:
            detour = 0.0 if here is None else metres[here][place]
            detour += 0.0 if after is None else metres[place][after]
            detour -= 0.0 if here is None or after is None else metres[here][after]
            gain -= problem.metre_price * detour
        taken = max(start + call.stay + on - ready - way, 1e-3)
        if gain > 0 and gain * gain / taken > best:
            best, best_position = gain * gain / taken, position
    return (best, best_position) if best_position >= 0 else None


def _call(problem: Problem, tour: _Tour, place: int) -> Call:
    starts = problem.starts(place, tour.day, tour.frame.span)
    return Call(place, problem.places[place].stay, starts)


def _shake(tours: Sequence[_Tour], free: set[int], start: int, length: int) -> None:
    """Take `length` visits in a row out of every day, from `start` on and round to its front."""
    for tour in tours:
        count = len(tour.calls)
        gone = {(start + step) % count for step in range(min(length, count))} if count else set()
        free.update(tour.calls[position].place for position in gone)
        tour.calls = [call for position, call in enumerate(tour.calls) if position not in gone]
        tour.insertions = None


def _shorten(problem: Problem, tours: Sequence[_Tour]) -> None:
    for tour in tours:
        order = shortest_order(tour.calls, tour.frame, problem.minutes, problem.metres)
        assert order is not None
        tour.calls, tour.insertions = order, None


def _restore(tours: Sequence[_Tour], plan: Sequence[Sequence[Call]], free: set[int]) -> None:
    for tour in tours:
        free.update(call.place for call in tour.calls)
    for tour, calls in zip(tours, plan, strict=True):
        tour.calls, tour.insertions = list(calls), None
        free.difference_update(call.place for call in calls)


def _value(problem: Problem, tours: Sequence[_Tour]) -> float:
    value = 0.0
    for tour in tours:
        value += sum(problem.worth(call.place, tour.day, None) for call in tour.calls)
        if problem.metre_price:
            metres = length_if_kept(tour.calls, tour.frame, problem.minutes, problem.metres)
            value -= problem.metre_price * (inf if metres is None else metres)
    return value


def _route(problem: Problem, tour: _Tour) -> Route:
    metres = length_if_kept(tour.calls, tour.frame, problem.minutes, problem.metres)
    assert metres is not None
    aims = [None] * len(tour.calls)
    return Route(timed(tour.calls, aims, tour.frame, problem.minutes), metres)
