"""Copies of the seeded city under other names, so that many can be planned in with cold cells."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from shared.nodes.postgres import Nodes
from shared.nodes.qdrant import NodeIndex
from shared.runtime.postgres import open_pool
from shared.runtime.settings import Settings
from shared.runtime.sql import read_queries
from shared.spaces.vectors import SPACE_VERSION
from workflows.bench.scene import CITY
from workflows.stack import Stack

_SQL = read_queries(__file__)


class Twins:
    """`async with Twins(stack, 10) as twins:` makes the copies; they stay until the stack goes."""

    def __init__(self, stack: Stack, count: int) -> None:
        urls = stack.addresses
        self._settings = Settings(
            {"DATABASE_URL": urls.database_url, "QDRANT_URL": urls.qdrant_url}
        )
        self.slugs: Sequence[str] = [f"{CITY}-twin-{number}" for number in range(count)]

    async def __aenter__(self) -> Self:
        self._pool = await open_pool(self._settings, size=1)
        nodes, index = Nodes(self._pool), NodeIndex(self._settings)
        for slug in self.slugs:
            await self._pool.execute(_SQL["copy_city"], CITY, slug)
            await self._pool.execute(_SQL["copy_nodes"], CITY, slug)
            await index.save(await nodes.points(slug, SPACE_VERSION), SPACE_VERSION)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._pool.close()

    async def renew(self, slug: str, snapshot: str) -> None:
        """Give the city another snapshot, as a re-seeding does: none of its cells is cached."""
        await self._pool.execute(_SQL["renew_snapshot"], slug, snapshot)
