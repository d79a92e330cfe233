"""Owns who uses the app when: first trips, second looks, further trips, and who leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from emulators.travellers.chance import Chance

Half = Literal["morning", "evening"]
Errand = Literal["plan", "look", "leave"]

MOST_TRIPS = 3
_ARRIVALS = 0.7
_MOST_LOOKS = 2
_LOOKS_AGAIN = 0.6


@dataclass(frozen=True, slots=True)
class Wish:
    """The trip that a traveller asks for, `lead` days ahead."""

    lead: int
    days: int
    pace: str | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One use of the app on a day (from 0): `trip` and `session` count from 0.

    `wish` stands where the errand is to plan; a later look reads the same trip again.
    """

    day: int
    half: Half
    errand: Errand
    trip: int
    session: int
    wish: Wish | None = None


def visits_of(chance: Chance, days: int, *, come_back: float, leave: float) -> Sequence[Visit]:
    """The visits within `days`, in order.

    People arrive evenly over the first 70 % of the days. After each trip but the third a share
    `come_back` plans another, 3 days and on average 5 more later; each trip is looked at again
    with probability 0.6, and then once more with 0.6. A share `leave` deletes the account the day
    after the last visit.
    """
    stream = chance.stream("calendar")
    mornings = stream.uniform(0.2, 0.8)
    visits = sorted(_trips(stream, days, come_back, mornings), key=_when)
    if stream.random() < leave:
        last = visits[-1]
        visits.append(Visit(last.day + 1, "evening", "leave", last.trip, 0))
    return tuple(visit for visit in visits if visit.day < days)


def _trips(stream: Random, days: int, come_back: float, mornings: float) -> Iterator[Visit]:
    day = int(stream.random() * max(1, round(_ARRIVALS * days)))
    for trip in range(MOST_TRIPS):
        yield Visit(day, _half(stream, mornings), "plan", trip, 0, _wish(stream))
        yield from _looks(stream, day, trip, mornings)
        if stream.random() >= come_back:
            return
        day += 3 + round(stream.expovariate(1 / 5))


def _looks(stream: Random, day: int, trip: int, mornings: float) -> Iterator[Visit]:
    for session in range(1, _MOST_LOOKS + 1):
        if stream.random() >= _LOOKS_AGAIN:
            return
        day += 1 + round(stream.expovariate(1 / 2))
        yield Visit(day, _half(stream, mornings), "look", trip, session)


def _wish(stream: Random) -> Wish:
    return Wish(
        lead=2 + min(88, round(stream.expovariate(1 / 14))),
        days=stream.choices((2, 3, 4, 5, 7), (3, 5, 4, 2, 1))[0],
        pace=stream.choices((None, "slow", "balanced", "full"), (7, 1, 1, 1))[0],
    )


def _half(stream: Random, mornings: float) -> Half:
    return "morning" if stream.random() < mornings else "evening"


def _when(visit: Visit) -> tuple[int, bool, int, int]:
    return visit.day, visit.half == "evening", visit.trip, visit.session
