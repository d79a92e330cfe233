"""Owns the geography: real cities with their true bounds, names, quarters and land."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from emulators.places.geometry import Point, Rectangle, inside_polygon

_DATA = Path(__file__).parent / "data" / "cities.json"
_QUARTER_DEGREES = 0.006


@dataclass(frozen=True, slots=True)
class Quarter:
    """A neighbourhood that people know by name; `weight` is its share of the city's places."""

    name: str
    center: Point
    postcode: str
    weight: int

    @property
    def viewport(self) -> Rectangle:
        """About 600 metres to each side."""
        lat, lng = self.center
        return Rectangle(
            (lat - _QUARTER_DEGREES, lng - _QUARTER_DEGREES),
            (lat + _QUARTER_DEGREES, lng + _QUARTER_DEGREES),
        )


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """One city. `names`, `country_names` and `region_names` are by language code."""

    slug: str
    names: dict[str, str]
    aliases: tuple[str, ...]
    country_code: str
    country_names: dict[str, str]
    region_names: dict[str, str]
    region_short: str
    qualifiers: tuple[str, ...]
    time_zone: ZoneInfo
    center: Point
    viewport: Rectangle
    address: str
    land: tuple[tuple[Point, ...], ...]
    quarters: tuple[Quarter, ...]

    def on_land(self, point: Point) -> bool:
        """Whether the point lies in one of the simple polygons of dry ground."""
        return any(inside_polygon(point, polygon) for polygon in self.land)


@cache
def all_cities() -> tuple[City, ...]:
    """The cities of the world, read once."""
    return tuple(_city(entry) for entry in json.loads(_DATA.read_text()))


def _city(entry: dict[str, Any]) -> City:
    return City(
        slug=entry["slug"],
        names=entry["names"],
        aliases=tuple(entry.get("aliases", ())),
        country_code=entry["country"]["code"],
        country_names=entry["country"]["names"],
        region_names=entry["region"]["names"],
        region_short=entry["region"]["short"],
        qualifiers=tuple(entry["qualifiers"]),
        time_zone=ZoneInfo(entry["time_zone"]),
        center=_point(entry["centre"]),
        viewport=Rectangle(_point(entry["low"]), _point(entry["high"])),
        address=entry["address"],
        land=tuple(tuple(_point(corner) for corner in polygon) for polygon in entry["land"]),
        quarters=tuple(
            Quarter(area["name"], _point(area["at"]), area["postcode"], area["weight"])
            for area in entry["areas"]
        ),
    )


def _point(pair: list[float]) -> Point:
    lat, lng = pair
    return lat, lng
