"""The 45 cells: archetype × day part × trip day, each ranked once for everyone and cached.

A cell's key names all that its ranking depends on, so nothing stale can be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final
from uuid import UUID

from shared.nodes.taxonomy import DAY_PARTS, DayPart
from shared.spaces.archetypes import ARCHETYPES, Archetype

CELL_SCHEMA: Final = 1
TRIP_DAYS: Final = 5
CELL_SIZE: Final = 24
TOP_BAND: Final = 9


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One combination that is ranked: for whom, which part of the day, which trip day (1–5)."""

    archetype: Archetype
    day_part: DayPart
    trip_day: int

    def __str__(self) -> str:
        return f"{self.archetype}/{self.day_part}/{self.trip_day}"


@dataclass(frozen=True, slots=True)
class Edition:
    """What every cell of a city is made from: its nodes' snapshot, the model, prompt and space."""

    city: str
    snapshot: str
    model: str
    prompt_version: str
    space_version: int

    def key(self, cell: Cell) -> str:
        """Return the cache key of a cell in this edition."""
        return (
            f"cell:{CELL_SCHEMA}:{self.city}:{self.snapshot}:{self.model}:{self.prompt_version}"
            f":s{self.space_version}:{cell.archetype}:{cell.day_part}:{cell.trip_day}"
        )


@dataclass(frozen=True, slots=True)
class CellEntry:
    """A node in a cell's ranking and the ranker's confidence band, 0 to 9."""

    node_id: UUID
    band: int


@dataclass(frozen=True, slots=True)
class CellRanking:
    """At most 24 nodes, best first."""

    entries: tuple[CellEntry, ...]

    def scores(self) -> dict[UUID, float]:
        """Return each node's score in (0, 1]: half from its place, half from its confidence."""
        return {
            entry.node_id: 0.5 * (1 - place / CELL_SIZE) + 0.5 * entry.band / TOP_BAND
            for place, entry in enumerate(self.entries)
        }

    def confidences(self) -> dict[UUID, float]:
        """Return each node's confidence, 0 to 1."""
        return {entry.node_id: entry.band / TOP_BAND for entry in self.entries}


def trip_day_of(day_number: int) -> int:
    """Return the trip day whose cells serve a day of the trip: the sixth day reuses the first's."""
    return (day_number - 1) % TRIP_DAYS + 1


def cells_of_trip(archetype: Archetype, days: int) -> list[Cell]:
    """Return the 3·min(days, 5) cells that a trip is made from."""
    return [
        Cell(archetype, day_part, trip_day)
        for trip_day in range(1, min(days, TRIP_DAYS) + 1)
        for day_part in DAY_PARTS
    ]


def all_cells() -> list[Cell]:
    """Return the 45 cells of a city."""
    days: Sequence[int] = range(1, TRIP_DAYS + 1)
    return [Cell(*combination) for combination in product(ARCHETYPES, DAY_PARTS, days)]


def siblings(cell: Cell) -> list[Cell]:
    """Return the same cell on the other trip days, nearest day first."""
    others = [day for day in range(1, TRIP_DAYS + 1) if day != cell.trip_day]
    others.sort(key=lambda day: (abs(day - cell.trip_day), day))
    return [Cell(cell.archetype, cell.day_part, day) for day in others]
