"""The problem: places, when they are open, and what each day asks for; in minutes and metres."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Interval = tuple[int, int]
"""From and until, in minutes after the day's midnight."""

Rows = Sequence[Sequence[float]]
"""Row i holds what it takes from place i to each other; it need not be symmetric."""

MIDNIGHT: Final = 24 * 60

MUST_WORTH: Final = 100.0
"""What a must-see is worth beside its score: more than all else of a day together."""


class ProblemRefused(ValueError):
    """The problem contradicts itself; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place: minutes of stay, open intervals on each day, and what a visit is worth.

    `hours` holds a tuple of intervals for each day; empty `hours` = always open, an empty tuple for
    a day = closed all day. `score` counts on days without wants. `must` = it is to be visited if a
    day has room for it.
    """

    stay: int
    hours: tuple[tuple[Interval, ...], ...] = ()
    score: float = 0.0
    must: bool = False


@dataclass(frozen=True, slots=True)
class Want:
    """One stop that a day asks for, such as lunch.

    It starts within `starts` (both ends included), at best at `aim` (else as early as it can), and
    is filled by one of the places in `worth`, each with its worth as this stop.
    """

    name: str
    starts: Interval
    worth: Mapping[int, float]
    aim: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its span, what it asks for, and where it begins and ends if that is fixed.

    With `wants`, in the order in which they are usual, each is filled by one place and nothing else
    is visited. Without, any places may be, at most `most` of them. `begins` and `ends` are places
    by number (a hotel, a station): the ways from and to them count, a visit there does not.
    """

    span: Interval = (0, MIDNIGHT)
    wants: tuple[Want, ...] = ()
    begins: int | None = None
    ends: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: the place by number, its minutes of start and end, which want it fills."""

    place: int
    starts: int
    ends: int
    want: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The visits of one day in order, all metres of the way, and the wants left open."""

    visits: tuple[Visit, ...]
    metres: float
    unfilled: tuple[int, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        """The places by number, in the order of the visits."""
        return tuple(visit.place for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Problem:
    """Places, the ways between them, the days, and what walking costs in units of score.

    `metre_price` is paid for each metre, `detour_price` for a day whose way is twice as long as the
    shortest path through its places would be, and in proportion: a zigzag is felt as one.
    `order_price` is paid for each two wants with windows of their own that are filled in another
    order than the usual. They move the choice of places; the order is the shortest in any case.
    """

    places: Sequence[Place]
    minutes: Rows
    metres: Rows
    days: Sequence[Day]
    metre_price: float = 0.0
    detour_price: float = 0.0
    order_price: float = 0.0

    def check(self) -> None:
        """Raise ProblemRefused where counts or numbers do not fit together."""
        count = len(self.places)
        if len(self.minutes) != count or len(self.metres) != count:
            raise ProblemRefused(f"{count} places need {count} rows of minutes and of metres.")
        for number, place in enumerate(self.places):
            if place.hours and len(place.hours) != len(self.days):
                raise ProblemRefused(
                    f"Place {number} has hours for {len(place.hours)} days of {len(self.days)}."
                )
        for number, day in enumerate(self.days):
            named = {place for want in day.wants for place in want.worth}
            named |= {place for place in (day.begins, day.ends) if place is not None}
            if not named <= set(range(count)):
                raise ProblemRefused(f"Day {number} names a place that is not one of {count}.")
            if day.begins is not None and day.ends is not None:
                way = self.minutes[day.begins][day.ends]
                if way > day.span[1] - day.span[0]:
                    raise ProblemRefused(f"Day {number} is too short for the {way:g} minutes' way.")

    def starts(self, place: int, day: int, within: Interval) -> tuple[Interval, ...]:
        """Return when a visit of full stay may start within `within`, as intervals in order."""
        one, span = self.places[place], self.days[day].span
        first, last = max(within[0], span[0]), min(within[1], span[1] - one.stay)
        intervals = one.hours[day] if one.hours else ((first, last + one.stay),)
        return tuple(
            (max(first, opens), min(last, closes - one.stay))
            for opens, closes in intervals
            if max(first, opens) <= min(last, closes - one.stay)
        )

    def worth(self, place: int, day: int, want: int | None) -> float:
        """Return what the place is worth as that stop; a must-see is worth more than all others."""
        one = self.places[place]
        score = one.score if want is None else self.days[day].wants[want].worth[place]
        return score + MUST_WORTH if one.must else score
