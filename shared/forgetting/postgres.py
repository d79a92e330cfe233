"""The tombstones table, and the lock that keeps a person's writes and their leaving apart."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TypeVar

import asyncpg

from shared.forgetting.mentions import people_named
from shared.forgetting.tombstone import PersonForgotten, Tombstones
from shared.runtime.postgres import Connection, Pool, PostgresParking
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)

_TRIES = 5
T = TypeVar("T")


def lock_key(mark: bytes) -> int:
    """Return the advisory lock's signed 64-bit key of a person's mark."""
    return int.from_bytes(mark[:8], "big", signed=True)


def lock_keys(marks: Iterable[bytes]) -> list[int]:
    """Return the keys in everyone's order, or two could wait for each other."""
    return sorted(map(lock_key, marks))


async def hold(connection: Connection, user_ids: Iterable[str], tombstones: Tombstones) -> set[str]:
    """Keep these people from leaving until the transaction ends; return those who left already.

    Call it in a transaction, before the first row about a person is written: leaving takes the same
    locks alone, so a row is either seen by the erasure or meets the tombstone.
    """
    by_mark = {tombstones.mark(user_id): user_id for user_id in user_ids}
    rows = await connection.fetch(_SQL["hold"], lock_keys(by_mark), list(by_mark))
    return {by_mark[row["mark"]] for row in rows}


async def hold_one(connection: Connection, user_id: str, tombstones: Tombstones) -> None:
    """Keep one person from leaving until the transaction ends; raise PersonForgotten."""
    if await hold(connection, [user_id], tombstones):
        raise PersonForgotten


async def leave(
    connection: Connection, user_id: str, tombstones: Tombstones, left_on: date
) -> None:
    """Wait for all who hold the person, keep others out, and put up the tombstone.

    Whatever the transaction then erases nobody can be writing. Raises PersonForgotten where the
    person left before: of two that race, the second meets the tombstone of the first.
    """
    mark = tombstones.mark(user_id)
    await connection.execute(_SQL["hold_alone"], lock_key(mark))
    if await connection.fetchval(_SQL["put_up"], mark, left_on) is None:
        raise PersonForgotten


class DiscreetParking(PostgresParking):
    """Keeps a message that can never succeed, unless it names someone who left.

    A message may reach the end of its tries long after its sender has gone.
    """

    def __init__(self, pool: Pool, tombstones: Tombstones) -> None:
        super().__init__(pool)
        self._people = pool
        self._tombstones = tombstones

    async def park(self, function: str, body: str, reason: str, at: datetime) -> None:
        """Keep the message with the reason, or nothing of it."""
        async with self._people.acquire() as connection, connection.transaction():
            if not await hold(connection, people_named(body), self._tombstones):
                await super().park(function, body, reason, at)


async def in_one_transaction(pool: Pool, erase: Callable[[Connection], Awaitable[T]]) -> T:
    """Return what `erase` does in a transaction of its own; all of it stands or nothing.

    It locks many rows in no order that others know, so it may wait for one who waits for it:
    Postgres then ends one of the two, and this one tries again.
    """
    for _ in range(_TRIES - 1):
        try:
            return await _once(pool, erase)
        except asyncpg.DeadlockDetectedError:
            continue
    return await _once(pool, erase)


@asynccontextmanager
async def one_look(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction that sees what stood when it began and writes nothing; its times are in UTC."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute(_SQL["in_utc"])
        yield connection


async def _once(pool: Pool, erase: Callable[[Connection], Awaitable[T]]) -> T:
    async with pool.acquire() as connection, connection.transaction():
        return await erase(connection)
