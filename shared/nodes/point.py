"""A node in the vector index, and what a search returns."""

from dataclasses import dataclass
from uuid import UUID


class IndexAway(Exception):
    """The vector index did not answer; candidates come from Postgres by quality."""


@dataclass(frozen=True, slots=True)
class NodePoint:
    """One node's unit vector of 64 dimensions and the fields that a search filters by."""

    id: UUID
    city: str
    category: str
    hidden: bool
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One candidate of a search; `score` is its cosine similarity, None without a search."""

    node_id: UUID
    score: float | None


def collection_of(space_version: int) -> str:
    """Return the alias under which the vectors of one space are searched."""
    return f"nodes_s{space_version}"
