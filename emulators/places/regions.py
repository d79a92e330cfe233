"""Owns the geopolitical places: a city or a quarter as a result of its own, real geography."""

from collections.abc import Iterator
from dataclasses import dataclass

from emulators.places.cities import City, Quarter, all_cities
from emulators.places.geometry import Point, Rectangle
from emulators.places.world import sample_id


@dataclass(frozen=True, slots=True)
class Region:
    """A city (`quarter` is None) or a quarter of it."""

    city: City
    quarter: Quarter | None = None

    @property
    def id(self) -> str:
        """Its place id, the same for every seed."""
        return sample_id("region", self.city.slug, self.quarter.name if self.quarter else "")

    @property
    def types(self) -> list[str]:
        """What kind of region it is: locality or neighborhood, and political."""
        return ["neighborhood" if self.quarter else "locality", "political"]

    @property
    def center(self) -> Point:
        """Its middle."""
        return self.quarter.center if self.quarter else self.city.center

    @property
    def viewport(self) -> Rectangle:
        """Its bounds."""
        return self.quarter.viewport if self.quarter else self.city.viewport


def all_regions() -> Iterator[Region]:
    """Every city, followed by its quarters."""
    for city in all_cities():
        yield Region(city)
        yield from (Region(city, quarter) for quarter in city.quarters)


def find(place_id: str) -> Region | None:
    """The region with this id; None when there is none."""
    return next((region for region in all_regions() if region.id == place_id), None)
