"""The cities and activity_nodes tables."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from shared.nodes.city import City, CityUnknown
from shared.nodes.draft import NodeDraft
from shared.nodes.node import ActivityNode, Position
from shared.nodes.point import NodePoint
from shared.runtime.postgres import Connection, Pool
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)


class Nodes:
    """The seeded cities and their activity nodes: the truth that the vector index is built from."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find_city(self, slug: str) -> City:
        """Return the seeded city; raise CityUnknown."""
        row = await self._pool.fetchrow(_SQL["find_city"], slug)
        if row is None:
            raise CityUnknown(slug)
        return City(**row)

    async def load(self, city: str, ids: Iterable[UUID]) -> dict[UUID, ActivityNode]:
        """Return the city's nodes among `ids`, by id; an id that is gone is left out."""
        rows = await self._pool.fetch(_SQL["load_nodes"], list(ids), city)
        return {row["id"]: _node(row) for row in rows}

    async def known(self, ids: Collection[UUID]) -> set[UUID]:
        """Return those ids that are nodes of any city, hidden ones among them."""
        rows = await self._pool.fetch(_SQL["known_nodes"], list(ids))
        return {row["id"] for row in rows}

    async def named(self, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[UUID]]:
        """Return the nodes of each city and folded name; a name that none has is left out."""
        cities = sorted({city for city, _ in names})
        found: dict[tuple[str, str], list[UUID]] = {}
        for row in await self._pool.fetch(_SQL["names_of_nodes"], cities):
            # Folded here: Postgres's lower() follows the database's locale, casefold() does not.
            name = (row["city_id"], row["name"].casefold())
            if name in names:
                found.setdefault(name, []).append(row["id"])
        return found

    async def best(self, city: str, limit: int, without: Iterable[UUID]) -> list[UUID]:
        """Return the ids best carried by local evidence, best first: for when the index is away."""
        rows = await self._pool.fetch(_SQL["best_nodes"], city, list(without), limit)
        return [row["id"] for row in rows]

    async def evidence(self, city: str) -> dict[UUID, str | None]:
        """Return the digest of the evidence that each node of the city was last written from."""
        rows = await self._pool.fetch(_SQL["evidence"], city)
        return {row["id"]: row["evidence_sha256"] for row in rows}

    async def save_city(self, city: City, at: datetime) -> None:
        """Create or correct the city; it serves no trip before `mark_seeded`."""
        await self._pool.execute(
            _SQL["upsert_city"],
            city.slug,
            city.name,
            city.country_code,
            city.time_zone,
            city.south,
            city.west,
            city.north,
            city.east,
            city.snapshot,
            at,
        )

    async def mark_seeded(self, city: str, at: datetime) -> str:
        """Open the city for trips and return the snapshot of what its nodes are now."""
        snapshot: str = await self._pool.fetchval(_SQL["mark_seeded"], city, at)
        return snapshot

    async def save(self, drafts: Sequence[NodeDraft], at: datetime) -> None:
        """Create or replace the nodes, all or none."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.executemany(
                _SQL["upsert_node"], [(*draft.columns(), at) for draft in drafts]
            )

    async def points(self, city: str, space_version: int) -> list[NodePoint]:
        """Return the city's vectors of one space, as the index holds them."""
        rows = await self._pool.fetch(_SQL["vectors"], city, space_version)
        return [
            NodePoint(
                id=row["id"],
                city=row["city_id"],
                category=row["category"],
                hidden=row["hidden"],
                vector=tuple(row["vibe_embedding"]),
            )
            for row in rows
        ]


async def visible(connection: Connection, cities: Iterable[str]) -> dict[str, list[ActivityNode]]:
    """Return the places of the cities that may be offered, by city."""
    places: dict[str, list[ActivityNode]] = {city: [] for city in cities}
    for row in await connection.fetch(_SQL["visible_nodes"], list(places)):
        places[row["city_id"]].append(_node(row))
    return places


def _node(row: asyncpg.Record) -> ActivityNode:
    return ActivityNode(
        id=row["id"],
        city=row["city_id"],
        name=row["name"],
        category=row["category"],
        position=Position(row["lat"], row["lon"]),
        origin=row["origin"],
        neighbourhood=row["neighbourhood"],
        cuisine=row["cuisine"],
        opening_hours=row["opening_hours"],
        hours_source=row["hours_source"],
        summary=row["summary"],
        vibe_tags=tuple(row["vibe_tags"]),
        quality_signals=row["quality_signals"],
        cross_ref_confidence=row["cross_ref_confidence"],
        overrated_flag=row["overrated_flag"],
        hidden=row["hidden"],
        source_tier=row["source_tier"],
    )
