"""What a client sees of a trip: its slots in the order they are shown, each with its place."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """A place as an itinerary shows it; `quality` is its cross_ref_confidence, 0 to 1."""

    id: str
    name: str
    category: str
    vibes: tuple[str, ...]
    lat: float
    lon: float
    quality: float | None

    @property
    def key(self) -> str:
        """The same for the same place in every stack: ids are not."""
        return f"{self.name}@{self.lat:.4f},{self.lon:.4f}"


@dataclass(frozen=True, slots=True)
class Slot:
    """A stop: `day` and `order` count from 1, `rank` is its place in reading order, from 1."""

    id: str
    day: int
    order: int
    rank: int
    day_part: str
    confidence: float | None
    place: Place

    @property
    def position(self) -> tuple[int, int]:
        """Day and order: what tells the slots of a trip apart."""
        return self.day, self.order


@dataclass(frozen=True, slots=True)
class Trip:
    """A planned trip."""

    id: str
    rung: str
    slots: tuple[Slot, ...]


def read_trip(answer: dict[str, Any]) -> Trip:
    """The trip in an answer of `POST /api/v1/trips` or `GET /api/v1/trips/{id}`.

    Raises KeyError or TypeError where it is none.
    """
    shown = [(day["day_number"], slot) for day in answer["days"] for slot in day["slots"]]
    slots = tuple(_slot(day, rank, slot) for rank, (day, slot) in enumerate(shown, start=1))
    return Trip(answer["id"], answer["ranker"]["rung"], slots)


def _slot(day: int, rank: int, slot: dict[str, Any]) -> Slot:
    node = slot["activity_node"]
    place = Place(
        id=node["id"],
        name=node["name"],
        category=node["category"],
        vibes=tuple(node["vibe_tags"]),
        lat=node["lat"],
        lon=node["lon"],
        quality=node["cross_ref_confidence"],
    )
    return Slot(
        id=slot["id"],
        day=day,
        order=slot["slot_order"],
        rank=rank,
        day_part=slot["day_part"],
        confidence=slot["confidence"],
        place=place,
    )
