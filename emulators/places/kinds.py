"""Owns what kinds of places there are: their types, how many, their hours, prices and traits."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from emulators.places.hours import Hours, parse

_DATA = Path(__file__).parent / "data"
_EVERYWHERE = ("point_of_interest", "establishment")
_NONE = "none"


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of place. `fame` is the median number of ratings; `prices` are levels 1 to 4.

    An entry of `hours` that is None stands for places that do not tell theirs.
    """

    type: str
    label: str
    display_name: str
    types: tuple[str, ...]
    words: tuple[str, ...]
    count: int
    per_city: dict[str, int]
    hours: tuple[Hours | None, ...]
    prices: tuple[int, ...]
    fame: int
    traits: tuple[str, ...]

    def count_in(self, city: str) -> int:
        """How many places of this kind the city with this slug has."""
        return self.per_city.get(city, self.count)


@cache
def all_kinds() -> tuple[Kind, ...]:
    """The kinds of the world, read once."""
    data = json.loads((_DATA / "kinds.json").read_text())
    hours = {name: parse(pattern) for name, pattern in data["hours"].items()}
    return tuple(_kind(entry, hours) for entry in data["kinds"])


@cache
def searchable_types() -> frozenset[str]:
    """The types that may stand in a request (the service's Table A)."""
    return frozenset((_DATA / "types.txt").read_text().split())


def _kind(entry: dict[str, Any], hours: dict[str, Hours]) -> Kind:
    return Kind(
        type=entry["type"],
        label=entry["label"],
        display_name=entry["shows"],
        types=(entry["type"], *entry["also"], *_EVERYWHERE),
        words=tuple(entry.get("words", ())),
        count=entry["count"],
        per_city=entry.get("per_city", {}),
        hours=tuple(None if name == _NONE else hours[name] for name in entry["hours"]),
        prices=tuple(entry["prices"]),
        fame=entry["fame"],
        traits=tuple(entry["traits"]),
    )
