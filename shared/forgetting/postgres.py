"""The tombstones table, and the lock that keeps a person's writes and their leaving apart."""

from collections.abc import Iterable

from shared.forgetting.tombstone import PersonForgotten, Tombstones
from shared.runtime.postgres import Connection
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)


def lock_key(mark: bytes) -> int:
    """Return the advisory lock's signed 64-bit key of a person's mark."""
    return int.from_bytes(mark[:8], "big", signed=True)


async def hold(connection: Connection, user_ids: Iterable[str], tombstones: Tombstones) -> set[str]:
    """Keep these people from leaving until the transaction ends; return those who left already.

    Call it in a transaction, before the first row about a person is written: leaving takes the same
    locks alone, so a row is either seen by the erasure or meets the tombstone. The lock and the
    look at the tombstones are two statements, since a statement sees what stood before its locks.
    """
    by_mark = {tombstones.mark(user_id): user_id for user_id in user_ids}
    # In one order for everyone, or two transactions could wait for each other.
    await connection.execute(_SQL["hold_shared"], sorted(lock_key(mark) for mark in by_mark))
    rows = await connection.fetch(_SQL["forgotten"], list(by_mark))
    return {by_mark[row["mark"]] for row in rows}


async def hold_one(connection: Connection, user_id: str, tombstones: Tombstones) -> None:
    """Keep one person from leaving until the transaction ends; raise PersonForgotten."""
    if await hold(connection, [user_id], tombstones):
        raise PersonForgotten
