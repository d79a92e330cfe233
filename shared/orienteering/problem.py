"""The problem: places, when they are open, and what each day asks for; in minutes and metres."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Interval = tuple[int, int]
"""From and until, in minutes after the day's midnight."""

Rows = Sequence[Sequence[float]]
"""Row i holds what it takes from place i to each other; it need not be symmetric."""

MIDNIGHT: Final = 24 * 60


class ProblemRefused(ValueError):
    """The problem contradicts itself; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place: minutes of stay, open intervals on each day, and what a visit is worth.

    `hours` holds a tuple of intervals for each day; empty `hours` = always open, an empty tuple for
    a day = closed all day. `must` = it is to be visited if that is possible at all.
    """

    stay: int
    hours: tuple[tuple[Interval, ...], ...] = ()
    score: float = 0.0
    must: bool = False


@dataclass(frozen=True, slots=True)
class Want:
    """One stop that a day asks for, such as lunch.

    It starts within `starts` (both ends included), at best at `aim`, and is filled by one of the
    places in `worth`, each with its worth as this stop.
    """

    name: str
    starts: Interval
    worth: Mapping[int, float]
    aim: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its span, what it asks for, and where it begins and ends if that is fixed.

    With `wants` each is filled by one place, and nothing else is visited. Without, any places may
    be, at most `most` of them. `begins` and `ends` are places by number (a hotel, a station): the
    way from and to them counts in time and length, a visit there does not.
    """

    span: Interval = (0, MIDNIGHT)
    wants: tuple[Want, ...] = ()
    begins: int | None = None
    ends: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: the place by number, its times, and which of the day's wants it fills."""

    place: int
    starts: int
    ends: int
    want: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The visits of one day in order, the metres between them, and the wants left open."""

    visits: tuple[Visit, ...]
    metres: float
    unfilled: tuple[int, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        """The places by number, in the order of the visits."""
        return tuple(visit.place for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Problem:
    """Places, the ways between them, the days, and what a metre costs in units of score."""

    places: Sequence[Place]
    minutes: Rows
    metres: Rows
    days: Sequence[Day]
    metre_price: float = 0.0

    def starts(self, place: int, day: int, within: Interval) -> tuple[Interval, ...]:
        """Return when a visit of full stay may start within `within`, as intervals in order."""
        one, span = self.places[place], self.days[day].span
        first, last = max(within[0], span[0]), min(within[1], span[1] - one.stay)
        if not one.hours:
            return ((first, last),) if first <= last else ()
        return tuple(
            (max(first, opens), min(last, closes - one.stay))
            for opens, closes in one.hours[day]
            if max(first, opens) <= min(last, closes - one.stay)
        )
