"""Retrieves the 200 candidates of a ranking by vector search, or by local evidence without it."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final, Protocol
from uuid import UUID

from shared.nodes.node import ActivityNode
from shared.nodes.point import IndexAway, Retrieved
from shared.ranking.candidates import Candidate, make_candidates
from shared.ranking.prompt import CANDIDATES
from shared.runtime import log
from shared.spaces.archetypes import SPACE_VERSION, Archetype, centroid, to_vibe

BY_VECTOR: Final = "qdrant"
BY_EVIDENCE: Final = "quality"
"""The sources of a candidate, as they are logged."""


class Index(Protocol):
    """The vector index of nodes."""

    async def nearest(
        self,
        city: str,
        vector: Sequence[float],
        space_version: int,
        limit: int,
        without: Iterable[UUID] = (),
    ) -> list[Retrieved]:
        """Return the nearest visible nodes; raise IndexAway."""


class NodeSource(Protocol):
    """The nodes behind the ids."""

    async def load(self, city: str, ids: Iterable[UUID]) -> dict[UUID, ActivityNode]:
        """Return the nodes that are there, by id."""

    async def best(self, city: str, limit: int, without: Iterable[UUID]) -> list[UUID]:
        """Return the ids best carried by local evidence."""


class Retrieval:
    """Candidates of one city."""

    def __init__(self, index: Index, nodes: NodeSource, city: str) -> None:
        self._index = index
        self._nodes = nodes
        self._city = city
        self._shelf: dict[Archetype, asyncio.Task[list[ActivityNode]]] = {}

    async def nearest(
        self, embedding: Sequence[float], without: Sequence[UUID] = ()
    ) -> list[Candidate]:
        """Return up to 200 candidates for a persona's 128 dimensions, nearest first.

        Where the index is away they are the best by local evidence, and their source says so.
        """
        try:
            return await self._search(embedding, without)
        except IndexAway as error:
            log.failure("retrieval.index_away", error)
        best = await self._nodes.best(self._city, CANDIDATES, without)
        return await self._load([Retrieved(node_id, None) for node_id in best], BY_EVIDENCE)

    async def of_archetype(self, archetype: Archetype) -> Sequence[ActivityNode]:
        """Return the archetype's own 200, fetched once however many cells ask.

        Raises IndexAway: a cell is kept for everyone, so it is never made of other candidates.
        """
        if archetype not in self._shelf:
            self._shelf[archetype] = asyncio.create_task(self._fetch(archetype))
        return await asyncio.shield(self._shelf[archetype])

    async def _fetch(self, archetype: Archetype) -> list[ActivityNode]:
        return [candidate.node for candidate in await self._search(centroid(archetype), ())]

    async def _search(self, embedding: Sequence[float], without: Sequence[UUID]) -> list[Candidate]:
        retrieved = await self._index.nearest(
            self._city, to_vibe(embedding), SPACE_VERSION, CANDIDATES, without
        )
        return await self._load(retrieved, BY_VECTOR)

    async def _load(self, retrieved: Sequence[Retrieved], source: str) -> list[Candidate]:
        nodes = await self._nodes.load(self._city, [hit.node_id for hit in retrieved])
        return make_candidates(retrieved, nodes, source)
