"""Archived candidate sets of people who left: how they go into the next version of their day."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Protocol

from shared.learning.candidates import Logged
from shared.learning.columns import Row, has_left
from shared.nodes.node import ActivityNode
from shared.ranking.forgotten import forget_candidates


class Places(Protocol):
    """The cities' places."""

    async def visible(self, city: str) -> Sequence[ActivityNode]:
        """Return the places of the city that may be offered."""


class Leavers:
    """Redraws what the archive still holds of people who left; one for a run.

    The chance is seeded by the ranking's id, so that every shard and every try draws the same.
    Anyone could draw it again and would learn nothing: what was retrieved is not drawn from.
    """

    def __init__(self, places: Places, chance: Callable[[str], Random]) -> None:
        self._places = places
        self._chance = chance
        self._cities: dict[str, Sequence[ActivityNode]] = {}

    async def prepare(self, rows: Sequence[Row]) -> None:
        """Load the places of each city in which someone who left has an archived set."""
        for city in {row["context"]["city"] for row in rows if _is_archived(row) and has_left(row)}:
            if city not in self._cities:
                self._cities[city] = await self._places.visible(city)

    def forget(self, row: Row, candidates: Sequence[Logged]) -> Sequence[Logged]:
        """Return the archived set of a row whose person left, without their taste.

        `prepare` was told of the row.
        """
        chance = self._chance(str(row["ranking_id"]))
        return forget_candidates(candidates, self._cities[row["context"]["city"]], chance)


def _is_archived(row: Row) -> bool:
    kept = row["context"].get("full_candidate_set")
    return row["signal_type"] == "candidate_set_logged" and isinstance(kept, Mapping)
