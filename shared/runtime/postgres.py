"""Opens the pool to Postgres; what is asked of it stands in each domain's postgres.py."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg
import orjson

from shared.runtime.settings import Settings

FAILURES = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""What a statement raises that Postgres refused or did not answer."""

Pool = asyncpg.Pool
Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


async def open_pool(settings: Settings, size: int = 10) -> "asyncpg.Pool[asyncpg.Record]":
    """Return a pool of at most `size` connections; jsonb comes and goes as Python values."""
    return await asyncpg.create_pool(
        settings["DATABASE_URL"],
        min_size=1,
        max_size=size,
        command_timeout=30,
        init=_prepare,
        reset=_leave,
    )


async def _prepare(connection: "asyncpg.Connection[Any]") -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS),
        decoder=lambda data: orjson.loads(bytes(data)[1:]),
        format="binary",
    )


async def _leave(connection: "asyncpg.Connection[Any]") -> None:
    """Hand a connection back as it is; asyncpg has ended a transaction left open in it.

    No SQL of ours leaves anything else in a session, and the query that would undo settings, locks
    and cursors doubles the round trips of every statement.
    """


class PostgresParking:
    """The parked_messages table: what can never succeed, with the reason."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def park(self, function: str, body: str, reason: str, at: datetime) -> None:
        """Keep the message with the reason."""
        await self._pool.execute(
            "INSERT INTO parked_messages (id, function, body, reason, created_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            uuid4(),
            function,
            body,
            reason,
            at,
        )


async def ping(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Raise where Postgres does not answer."""
    await pool.fetchval("SELECT 1")
