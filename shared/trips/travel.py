"""How long it takes between two stops: on foot, or by transit where the walk is too long."""

import math
from dataclasses import dataclass
from typing import Final, Literal

from shared.nodes.node import Position

TravelMode = Literal["none", "walk", "transit"]

STREET_FACTOR: Final = 1.3
"""Streets are longer than the crow's flight: measured circuity is usually 1.2 to 1.4."""

_WALK_KM_PER_HOUR = 4.5
_LONGEST_WALK_MINUTES = 30
_TRANSIT_WAIT_MINUTES = 10
_TRANSIT_KM_PER_HOUR = 18.0


@dataclass(frozen=True, slots=True)
class Travel:
    """The way from the stop before: minutes, street kilometres, and how."""

    minutes: int
    km: float
    mode: TravelMode


STAY_PUT: Final = Travel(0, 0.0, "none")


def travel_between(start: Position, end: Position) -> Travel:
    """Return the way between two positions, rounded up to whole minutes."""
    km = start.km_to(end) * STREET_FACTOR
    walk = math.ceil(km / _WALK_KM_PER_HOUR * 60)
    if walk <= _LONGEST_WALK_MINUTES:
        return Travel(walk, km, "walk")
    ride = math.ceil(km / _TRANSIT_KM_PER_HOUR * 60) + _TRANSIT_WAIT_MINUTES
    return Travel(ride, km, "transit")
