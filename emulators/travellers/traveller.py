"""One synthetic traveller: everything about them that is decided before they do anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from emulators.travellers.calendar import Visit, visits_of
from emulators.travellers.chance import Chance
from emulators.travellers.choice import Temper, temper_of
from emulators.travellers.examination import Gaze, gaze_of
from emulators.travellers.onboarding import Told, onboarding_of
from emulators.travellers.tastes import Tastes

PREFIX = "simulated-"
"""What the user ids of simulated travellers begin with: the database labels their rows by it."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares of all travellers, and how fast tastes turn (radians a week)."""

    skip_onboarding: float = 0.25
    read_only: float = 0.15
    come_back: float = 0.5
    leave: float = 0.0
    drift: float = 0.05


@dataclass(frozen=True, slots=True)
class Traveller:
    """Who the traveller is and when they use the app."""

    id: str
    chance: Chance
    tastes: Tastes
    told: Told | None
    gaze: Gaze
    temper: Temper
    visits: Sequence[Visit]


def traveller_of(seed: int, number: int, days: int, habits: Habits) -> Traveller:
    """Traveller `number` of a simulation of `days` days."""
    chance = Chance(seed, number)
    tastes = Tastes(chance, habits.drift)
    return Traveller(
        id=f"{PREFIX}{seed}-{number}",
        chance=chance,
        tastes=tastes,
        told=onboarding_of(chance, tastes, skipping=habits.skip_onboarding),
        gaze=gaze_of(chance),
        temper=temper_of(chance, silent=habits.read_only),
        visits=visits_of(chance, days, come_back=habits.come_back, leave=habits.leave),
    )
