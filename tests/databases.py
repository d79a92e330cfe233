"""Fresh databases in the stack's Postgres: empty ones, and copies of one that is migrated."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import asyncpg

from migrations.runner import migrate
from shared.runtime.postgres import Pool

_WIDTH = 10


async def widen(pool: Pool) -> None:
    """Opens all connections of a pool, so that what races for them starts together."""
    opened = [await pool.acquire() for _ in range(_WIDTH)]
    for connection in opened:
        await pool.release(connection)


class Databases:
    """Databases beside the stack's own, on the same server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._template: str | None = None

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without a table."""
        name = self._make("template1")
        yield self._url_of(name)
        self._drop(name)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The URL of a database with our tables and nothing in them but what migrations wrote."""
        if self._template is None:
            self._template = self._make("template1")
            asyncio.run(migrate(self._url_of(self._template)))
        name = self._make(self._template)
        yield self._url_of(name)
        self._drop(name)

    def close(self) -> None:
        """Drops what copies are made of."""
        if self._template is not None:
            self._drop(self._template)

    def _make(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self._url)
            await connection.execute(statement)
            await connection.close()

        asyncio.run(run())

    def _url_of(self, name: str) -> str:
        return f"{self._url.rsplit('/', 1)[0]}/{name}"
