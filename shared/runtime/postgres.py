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

_CONNECT_SECONDS = 3.0
_STATEMENT_SECONDS = 20.0
_HAND_BACK_SECONDS = 1.0


class _BoundedPool(asyncpg.Pool):
    """A pool that no connection to a silent server holds up.

    A statement that was given up is cancelled at the server before its connection serves another.
    Where the server does not even answer that, the connection is closed.
    """

    async def release(  # asyncpg's own signature
        self,
        connection: Any,
        *,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> None:
        """Take a connection back within a second, or close it."""
        try:
            await super().release(connection, timeout=timeout or _HAND_BACK_SECONDS)
        except TimeoutError:
            # The connection is closed; what its statement brought, or why it failed, stands.
            return


async def open_pool(settings: Settings, size: int = 10) -> "asyncpg.Pool[asyncpg.Record]":
    """Return a pool of at most `size` connections; jsonb comes and goes as Python values.

    A statement ends within twenty seconds, where its caller names no other time. A transaction
    whose process has vanished without a word ends at the server within a minute, and with it the
    locks that it held.
    """
    return await _BoundedPool(
        settings["DATABASE_URL"],
        min_size=1,
        max_size=size,
        timeout=_CONNECT_SECONDS,
        command_timeout=_STATEMENT_SECONDS,
        server_settings={"idle_in_transaction_session_timeout": "60s"},
        init=_prepare,
        reset=_leave,
        # asyncpg.create_pool's own, which knows no other class of pool.
        max_queries=50_000,
        max_inactive_connection_lifetime=300.0,
        loop=None,
        connection_class=asyncpg.Connection,
        record_class=asyncpg.Record,
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
