"""The vector index of activity nodes in Qdrant: one collection a space, behind an alias."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.nodes.point import IndexAway, NodePoint, Retrieved, collection_of
from shared.runtime.garbage import importing
from shared.runtime.settings import Settings

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient

_BATCH = 500
_SECONDS = 5


class NodeIndex:
    """Searches and fills the index; the client (0.8 s of CPU) is imported at the first use."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings["QDRANT_URL"]
        self._opened: AsyncQdrantClient | None = None

    @property
    def _client(self) -> "AsyncQdrantClient":
        if self._opened is None:
            with importing():
                from qdrant_client import AsyncQdrantClient

            self._opened = AsyncQdrantClient(
                url=self._url, timeout=_SECONDS, check_compatibility=False
            )
        return self._opened

    async def nearest(
        self,
        city: str,
        vector: Sequence[float],
        space_version: int,
        limit: int,
        without: Iterable[UUID] = (),
    ) -> list[Retrieved]:
        """Return the city's `limit` visible nodes nearest to a 64-dimension vector, nearest first.

        Raises IndexAway where the index does not answer or lacks the space's collection.
        """
        client = self._client
        from qdrant_client import models
        from qdrant_client.http.exceptions import ApiException

        must_not: list[Any] = [_equals("hidden", 1)]
        excluded = [str(node_id) for node_id in without]
        if excluded:
            must_not.append(models.HasIdCondition(has_id=list(excluded)))
        try:
            found = await client.query_points(
                collection_of(space_version),
                query=list(vector),
                query_filter=models.Filter(must=[_equals("city", city)], must_not=must_not),
                limit=limit,
                with_payload=False,
            )
        except (ApiException, OSError) as error:
            raise IndexAway(repr(error)) from error
        return [Retrieved(UUID(str(point.id)), point.score) for point in found.points]

    async def save(self, points: Sequence[NodePoint], space_version: int) -> None:
        """Put the points into the index of their space, creating it at the first call."""
        from qdrant_client import models

        await self._ensure_collection(space_version)
        for start in range(0, len(points), _BATCH):
            await self._client.upsert(
                collection_of(space_version),
                points=[
                    models.PointStruct(
                        id=str(point.id),
                        vector=list(point.vector),
                        payload={
                            "city": point.city,
                            "category": point.category,
                            "hidden": int(point.hidden),
                        },
                    )
                    for point in points[start : start + _BATCH]
                ],
                wait=True,
            )

    async def count(self, city: str, space_version: int) -> int:
        """Return how many of the city's nodes the index holds."""
        from qdrant_client import models

        counted = await self._client.count(
            collection_of(space_version),
            count_filter=models.Filter(must=[_equals("city", city)]),
            exact=True,
        )
        return counted.count

    async def check(self) -> None:
        """Raise where Qdrant does not answer."""
        await self._client.get_collections()

    async def _ensure_collection(self, space_version: int) -> None:
        from qdrant_client import models

        alias = collection_of(space_version)
        aliases = await self._client.get_aliases()
        if any(entry.alias_name == alias for entry in aliases.aliases):
            return
        collection = f"{alias}_a"
        if not await self._client.collection_exists(collection):
            await self._client.create_collection(
                collection,
                vectors_config=models.VectorParams(size=64, distance=models.Distance.COSINE),
            )
        # Flags are integers: a bool index is 15 times slower in this engine.
        keyword, integer = models.PayloadSchemaType.KEYWORD, models.PayloadSchemaType.INTEGER
        for field, schema in (("city", keyword), ("category", keyword), ("hidden", integer)):
            await self._client.create_payload_index(collection, field, field_schema=schema)
        create = models.CreateAlias(collection_name=collection, alias_name=alias)
        await self._client.update_collection_aliases(
            [models.CreateAliasOperation(create_alias=create)]
        )


def _equals(field: str, value: str | int) -> Any:
    from qdrant_client import models

    return models.FieldCondition(key=field, match=models.MatchValue(value=value))
