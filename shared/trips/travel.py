"""How long it takes between two stops: on foot, or by transit where the walk is too long."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, overload

from shared.nodes.node import Position
from shared.orienteering.problem import Rows

TravelMode = Literal["none", "walk", "transit"]

STREET_FACTOR: Final = 1.3
"""Streets are longer than the crow's flight: measured circuity is usually 1.2 to 1.4."""

_WALK_MINUTES_PER_KM = 60 / 4.5
_LONGEST_WALK_MINUTES = 30
_TRANSIT_WAIT_MINUTES = 10
_RIDE_MINUTES_PER_KM = 60 / 18
_EARTH_METRES = Position(0, 0).km_to(Position(0, 180)) * 1000 / math.pi
_STREET_DIAMETER = 2 * _EARTH_METRES * STREET_FACTOR


@dataclass(frozen=True, slots=True)
class Travel:
    """The way from the stop before: minutes, street kilometres, and how."""

    minutes: int
    km: float
    mode: TravelMode


STAY_PUT: Final = Travel(0, 0.0, "none")


class Ways(Protocol):
    """The ways between some places, each known by its number."""

    @property
    def minutes(self) -> Rows:
        """Minutes from each place to each other."""

    @property
    def metres(self) -> Rows:
        """Metres from each place to each other."""

    def travel(self, start: int, end: int) -> Travel:
        """Return how one goes from a place to another."""


class Router(Protocol):
    """Who knows the ways of a city: a rule of thumb, or a routing service."""

    def ways(self, places: Sequence[Position]) -> Ways:
        """Return the ways between the places."""


class Streets:
    """The default router: the great circle by a street factor, walked or ridden."""

    def ways(self, places: Sequence[Position]) -> "StreetWays":
        """Return the ways between the places."""
        return StreetWays(places)


class StreetWays:
    """Ways by rule of thumb; a row is worked out when it is first asked for."""

    def __init__(self, places: Sequence[Position]) -> None:
        self._places = places
        # Half the chord between two points of a sphere is its radius by the sine of half the angle.
        points = [_half_point(place) for place in places]

        def metres_from(start: int) -> list[float]:
            halves = map(math.dist, points, [points[start]] * len(points))
            return [_STREET_DIAMETER * math.asin(half / _EARTH_METRES) for half in halves]

        self.metres = LazyRows(len(places), metres_from)
        self.minutes = LazyRows(
            len(places), lambda start: [_minutes(way / 1000) for way in self.metres[start]]
        )

    def travel(self, start: int, end: int) -> Travel:
        """Return the way between two of the places."""
        return travel_between(self._places[start], self._places[end])


class LazyRows(Sequence[Sequence[float]]):
    """Rows that are made when they are first asked for: most places are in no plan's reach."""

    def __init__(self, count: int, make: Callable[[int], Sequence[float]]) -> None:
        self._rows: list[Sequence[float] | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Sequence[float]: ...
    @overload
    def __getitem__(self, index: slice) -> list[Sequence[float]]: ...
    def __getitem__(self, index: int | slice) -> Sequence[float] | list[Sequence[float]]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        row = self._rows[index]
        if row is None:
            row = self._rows[index] = self._make(index)
        return row


def travel_between(start: Position, end: Position) -> Travel:
    """Return the way between two positions, rounded up to whole minutes."""
    km = start.km_to(end) * STREET_FACTOR
    walked = math.ceil(km * _WALK_MINUTES_PER_KM) <= _LONGEST_WALK_MINUTES
    return Travel(_minutes(km), km, "walk" if walked else "transit")


def _minutes(km: float) -> int:
    walk = math.ceil(km * _WALK_MINUTES_PER_KM)
    if walk <= _LONGEST_WALK_MINUTES:
        return walk
    return math.ceil(km * _RIDE_MINUTES_PER_KM) + _TRANSIT_WAIT_MINUTES


def _half_point(place: Position) -> tuple[float, float, float]:
    lat, lon, half = math.radians(place.lat), math.radians(place.lon), _EARTH_METRES / 2
    level = half * math.cos(lat)
    return level * math.cos(lon), level * math.sin(lon), half * math.sin(lat)
