"""Owns one collection: its shard of the real engine, and when that shard is flushed."""

import asyncio
from pathlib import Path
from typing import Any

import qdrant_edge as engine

from emulators.qdrant.engine_config import engine_config
from emulators.qdrant.errors import engine_errors, not_found
from emulators.qdrant.json_fields import Json
from emulators.qdrant.point_ids import PointId
from emulators.qdrant.vectors import DEFAULT, VectorSpace, vector_space

FLUSH_AFTER_S = 5.0  # Qdrant's own flush interval


class Collection:
    """A shard and what it was created with.

    The engine writes every update to its write-ahead log before it applies it, so an answered
    update outlives a killed process; flushing only bounds what the next start replays.
    """

    def __init__(self, shard: engine.EdgeShard, config: Json, indexes: Json) -> None:
        self.shard = shard
        self.config = config
        self.indexes = indexes
        self.space: VectorSpace = vector_space(config)
        self._updates = 0
        self._flush: asyncio.TimerHandle | None = None

    @classmethod
    def create(cls, path: Path, config: Json) -> "Collection":
        """An empty collection in the new folder `path`. Raises QdrantError 400, 422, 501."""
        wanted = engine_config(config)
        path.mkdir(parents=True)
        with engine_errors():
            return cls(engine.EdgeShard.create(str(path), wanted), config, {})

    @classmethod
    def load(cls, path: Path, config: Json, indexes: Json) -> "Collection":
        """The collection kept in `path`; replays what was not flushed."""
        return cls(engine.EdgeShard.load(str(path)), config, indexes)

    def update(self, operation: engine.UpdateOperation) -> int:
        """Applies one durable update and returns its number."""
        with engine_errors():
            self.shard.update(operation)
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(FLUSH_AFTER_S, self.flush)
        self._updates += 1
        return self._updates - 1

    def flush(self) -> None:
        """Writes the segments out."""
        if self._flush:
            self._flush.cancel()
            self._flush = None
        self.shard.flush()

    def close(self) -> None:
        """Flushes and lets go of the files."""
        self.flush()
        self.shard.close()

    def discard(self) -> None:
        """Lets go of files that are about to be removed."""
        if self._flush:
            self._flush.cancel()
        self.shard.close()

    def retrieve(self, ids: list[PointId], payload: Any, vectors: Any) -> list[engine.Record]:
        """The points of `ids` that exist."""
        with engine_errors():
            return self.shard.retrieve(list(ids), payload, vectors)

    def vector_of(self, point: PointId, name: str) -> Any:
        """The stored vector `name` of a point. Raises QdrantError 404."""
        found = self.retrieve([point], False, [name])
        if not found:
            raise not_found(f"No point with id {point}")
        vectors = found[0].vector
        vector = vectors.get(name) if isinstance(vectors, dict) else vectors
        if not vector:
            raise not_found(f"Point {point} has no vector {name or DEFAULT!r}")
        return vector

    def points_count(self) -> int:
        """How many points there are."""
        return self.shard.info().points_count
