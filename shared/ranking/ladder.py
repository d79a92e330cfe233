"""The ladder: which rung served a ranking, and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Rung = Literal["model", "cache", "nearest_archetype", "quality"]

INDEX_AWAY: Final = "index_away"
"""The failure of a cell whose candidates could not be searched; the others are the model's."""

# How far a rung is from what was asked for; a ranking is called by the furthest that it stands on.
_DISTANCE: Final[dict[Rung, int]] = {"cache": 0, "model": 1, "nearest_archetype": 2, "quality": 3}


@dataclass(frozen=True, slots=True)
class CellServed:
    """How one cell was come by: the rung, and for a lower rung what went wrong above it."""

    rung: Rung
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """The rung that a whole ranking is called by, and a sentence for the traveller's app."""

    rung: Rung
    reason: str


def summarise(cells: Iterable[CellServed]) -> Served:
    """Return the furthest rung among the cells, with how many came from each and what failed."""
    served = list(cells)
    if not served:
        return Served("quality", "no cell was asked for")
    rung = max((cell.rung for cell in served), key=_DISTANCE.__getitem__)
    counts = Counter(cell.rung for cell in served)
    parts = [
        f"{counts[name]} of {len(served)} cells {_PHRASES[name]}"
        for name in sorted(counts, key=_DISTANCE.__getitem__)
    ]
    failures = {cell.failure for cell in served if cell.failure}
    return Served(rung, ", ".join(parts) + _because(failures))


def _because(failures: set[str]) -> str:
    causes = []
    if INDEX_AWAY in failures:
        causes.append("the vector index was unavailable")
    if model := sorted(failures - {INDEX_AWAY}):
        causes.append(f"the language model was unavailable ({', '.join(model)})")
    return f" because {' and '.join(causes)}" if causes else ""


_PHRASES: Final[dict[Rung, str]] = {
    "cache": "from the cache",
    "model": "ranked by the language model",
    "nearest_archetype": "borrowed from the nearest archetype",
    "quality": "in order of local evidence",
}
