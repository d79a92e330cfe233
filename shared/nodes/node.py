"""An activity node: one place of a city, as rankings and plans see it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid5

Origin = Literal["local", "sample", "places"]

_NAMESPACE = UUID("0b5b9a52-8a5c-4c7e-9a2b-6b1d7a5f4c11")
_EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees north and east (WGS 84)."""

    lat: float
    lon: float

    def km_to(self, other: "Position") -> float:
        """Return the great-circle distance in kilometres (haversine)."""
        south, north = math.radians(self.lat), math.radians(other.lat)
        half_lat = math.sin((north - south) / 2)
        half_lon = math.sin(math.radians(other.lon - self.lon) / 2)
        chord = half_lat**2 + math.cos(south) * math.cos(north) * half_lon**2
        return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


@dataclass(frozen=True, slots=True)
class ActivityNode:
    """One place. `cross_ref_confidence` is None where no local source speaks of it."""

    id: UUID
    city: str
    name: str
    category: str
    position: Position
    origin: Origin
    neighbourhood: str | None = None
    cuisine: str | None = None
    opening_hours: str | None = None
    hours_source: str | None = None
    summary: str = ""
    vibe_tags: tuple[str, ...] = ()
    quality_signals: Mapping[str, Any] = field(default_factory=dict)
    cross_ref_confidence: float | None = None
    overrated_flag: bool = False
    hidden: bool = False
    source_tier: int = 3

    @property
    def quality(self) -> float:
        """How well local evidence carries the place, 0 to 1: what the lowest rung ranks by."""
        return self.cross_ref_confidence or 0.0


def node_id(city: str, source_ref: str) -> UUID:
    """Return the id that a source's place has for ever, so that seeding twice changes nothing."""
    return uuid5(_NAMESPACE, f"{city}/{source_ref}")
