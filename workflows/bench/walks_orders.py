"""How long a planned day is beside its shortest orders, judged apart from the solver's own code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise, permutations

from shared.nodes.node import Position
from shared.orienteering.held_karp import shortest_path
from shared.trips.frame import DAY_ENDS, DAY_STARTS, Opening, fits
from shared.trips.hours import is_open
from shared.trips.plan import Day, Stop
from shared.trips.travel import travel_between

_STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DayOrder:
    """Kilometres of a day: as planned, in the shortest order that keeps its rules, in any order."""

    stops: int
    km: float
    shortest_kept_km: float
    shortest_km: float

    @property
    def to_kept(self) -> float:
        """The planned length over the shortest that keeps hours, meals and day parts."""
        return self.km / self.shortest_kept_km if self.shortest_kept_km else 1.0

    @property
    def to_any(self) -> float:
        """The planned length over the shortest of all orders."""
        return self.km / self.shortest_km if self.shortest_km else 1.0


def order_of(day: Day, openings: Sequence[Opening]) -> DayOrder:
    """Return the day's lengths; `openings` are what the day asked for."""
    places = [stop.candidate.node.position for stop in day.stops]
    km = [[travel_between(start, end).km for end in places] for start in places]
    return DayOrder(
        stops=len(places),
        km=_length(range(len(places)), km),
        shortest_kept_km=_shortest_kept(day, openings, km),
        shortest_km=shortest_path(range(len(places)), km),
    )


def _shortest_kept(day: Day, openings: Sequence[Opening], km: Sequence[Sequence[float]]) -> float:
    """Try every order, minute by minute against the hours themselves; the shortest that is kept."""
    windows = [_window(stop, openings) for stop in day.stops]
    best = _length(range(len(day.stops)), km)
    for order in permutations(range(len(day.stops))):
        length = _length(order, km)
        if length < best - 1e-9 and _is_kept(order, day, windows):
            best = length
    return best


def _is_kept(
    order: Sequence[int], day: Day, windows: Sequence[tuple[timedelta, timedelta]]
) -> bool:
    midnight = day.stops[0].starts_at.replace(hour=0, minute=0, tzinfo=None)
    ready, here = midnight + _since_midnight(DAY_STARTS), None
    for number in order:
        stop = day.stops[number]
        where: Position = stop.candidate.node.position
        if here is not None:
            minutes = travel_between(here, where).minutes
            ready += timedelta(minutes=-(-minutes // 5) * 5)
        first, last = windows[number]
        start, stay = max(ready, midnight + first), stop.ends_at - stop.starts_at
        while not is_open(stop.candidate.node.opening_hours, start, start + stay):
            start += _STEP
            if start > midnight + last:
                return False
        if start > midnight + last:
            return False
        ready, here = start + stay, where
    return ready <= midnight + _since_midnight(DAY_ENDS)


def _window(stop: Stop, openings: Sequence[Opening]) -> tuple[timedelta, timedelta]:
    """Return when a stop may start: as the openings that it may fill in its part of the day."""
    mine = [
        opening
        for opening in openings
        if opening.day_part == stop.day_part and fits(stop.candidate.node.category, opening)
    ] or [opening for opening in openings if opening.day_part == stop.day_part]
    return (
        min(_since_midnight(opening.starts[0]) for opening in mine),
        max(_since_midnight(opening.starts[1]) for opening in mine),
    )


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)


def _length(order: Sequence[int], km: Sequence[Sequence[float]]) -> float:
    return sum(km[start][end] for start, end in pairwise(order))
