"""The smallest true things of the model."""

from typing import Any

from emulators.travellers.chance import Chance
from emulators.travellers.choice import Temper
from emulators.travellers.traveller import Habits, Traveller, traveller_of
from emulators.travellers.trip import Place


def a_traveller(number: int = 0, *, days: int = 30, **habits: Any) -> Traveller:
    """A traveller as a simulation makes them."""
    return traveller_of(7, number, days, Habits(**habits))


def a_chance(number: int = 0) -> Chance:
    """The dice of a traveller."""
    return Chance(7, number)


def a_place(name: str = "a place", *vibes: str, id: str = "1", category: str = "park") -> Place:
    """A place of the usual quality."""
    return Place(id, name, category, vibes, 47.6, -122.3, 0.7)


def a_temper(
    *, sharpness: float = 3, willingness: float = 0.9, stamina: float = 16, candour: float = 0.5
) -> Temper:
    """Somebody who answers readily."""
    return Temper(sharpness, 0.0, willingness, stamina, candour, 1.0)
