"""The parked_messages table, as operators see it."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson

from shared.forgetting.mentions import mentions, people_named
from shared.forgetting.postgres import hold
from shared.forgetting.tombstone import Tombstones
from shared.parking.letter import Counts, DeadLetter, Refused
from shared.runtime.postgres import Connection, Pool
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)

_AT_ONCE = 50


class DeadLetters:
    """What Pub/Sub gave up delivering."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, letter: DeadLetter) -> None:
        """Keep the letter, once however often it comes."""
        await self._pool.execute(
            _SQL["keep"],
            letter.id,
            letter.function,
            letter.topic,
            orjson.dumps(letter.payload).decode(),
            dict(letter.attributes),
            letter.reason,
            letter.parked_at,
        )

    async def waiting(self, limit: int, ids: Sequence[UUID] | None = None) -> list[DeadLetter]:
        """Return the oldest letters that were not replayed, of `ids` alone where they are given."""
        rows = await self._pool.fetch(_SQL["waiting"], ids, limit)
        return [_letter(row) for row in rows]

    async def refused(self, limit: int) -> list[Refused]:
        """Return the latest messages that were refused for good."""
        rows = await self._pool.fetch(_SQL["refused"], limit)
        return [
            Refused(row["id"], row["function"], row["reason"], row["created_at"]) for row in rows
        ]

    async def count(self) -> Counts:
        """Return how many there are of each kind."""
        row = await self._pool.fetchrow(_SQL["count"])
        assert row is not None
        return Counts(row["waiting"], row["refused"])

    async def mark_replayed(self, ids: Sequence[UUID], at: datetime) -> None:
        """Take letters off the list: their topic has them again."""
        await self._pool.execute(_SQL["mark_replayed"], list(ids), at)

    async def delete_before(self, replayed: datetime, parked: datetime) -> int:
        """Delete what was replayed before the one moment or parked before the other."""
        return len(await self._pool.fetch(_SQL["delete_before"], replayed, parked))


def _letter(row: asyncpg.Record) -> DeadLetter:
    return DeadLetter(
        id=row["id"],
        topic=row["topic"],
        function=row["function"],
        payload=orjson.loads(row["body"]),
        attributes=row["attributes"],
        reason=row["reason"],
        parked_at=row["created_at"],
    )


class ArrivingLetters(DeadLetters):
    """Keeps dead letters, unless they name someone who left while the letter was on its way."""

    def __init__(self, pool: Pool, tombstones: Tombstones) -> None:
        super().__init__(pool)
        self._people = pool
        self._tombstones = tombstones

    async def keep(self, letter: DeadLetter) -> None:
        """Keep the letter once, or nothing of it."""
        named = people_named(orjson.dumps(letter.payload).decode())
        async with self._people.acquire() as connection, connection.transaction():
            if not await hold(connection, named, self._tombstones):
                await super().keep(letter)


async def forget(connection: Connection, user_id: str) -> int:
    """Delete the messages that name the person, whole; return how many there were.

    Reads all that is parked, a few at a time: the id stands inside bodies, wrapped in base64.
    """
    named = [
        row["id"]
        async for row in connection.cursor(_SQL["all"], prefetch=_AT_ONCE)
        if _names(row, user_id)
    ]
    await connection.execute(_SQL["forget"], named)
    return len(named)


async def held(connection: Connection, user_id: str) -> AsyncIterator[str]:
    """Yield the messages that name the person, each as JSON text, in the caller's transaction."""
    async for row in connection.cursor(_SQL["all"], prefetch=_AT_ONCE):
        if _names(row, user_id):
            yield row["held"]


def _names(row: asyncpg.Record, user_id: str) -> bool:
    return mentions(row["body"], user_id) or mentions(row["attributes"], user_id)
