"""Owns durable state: one SQLite file per emulator, committed in groups."""

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


class Store:
    """A SQLite file whose writes of one loop turn share one commit.

    Statements run at once on the event loop's thread and join the open transaction. Run all the
    statements of one change without an await between them, then `await commit()` before
    answering: from then on a killed process loses nothing of it (WAL, synchronous=NORMAL; only a
    power failure could). `schema` is made of `CREATE ... IF NOT EXISTS` statements.
    """

    def __init__(self, path: Path, schema: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(schema)
        self._committed: asyncio.Future[None] | None = None

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Runs one writing statement in the open transaction."""
        self._begin()
        return self._db.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        """Runs one writing statement per row in the open transaction."""
        self._begin()
        return self._db.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of one reading statement; sees what the open transaction wrote."""
        return self._db.execute(sql, values).fetchall()

    async def commit(self) -> None:
        """Returns once everything executed so far is durable."""
        if committed := self.commit_soon():
            await asyncio.shield(committed)

    def commit_soon(self) -> asyncio.Future[None] | None:
        """Commits at the end of this loop turn, for changes that nobody waits for."""
        if self._committed is None and self._db.in_transaction:
            loop = asyncio.get_running_loop()
            self._committed = loop.create_future()
            loop.call_soon(self._commit)
        return self._committed

    async def close(self) -> None:
        """Commits what is open and closes the file."""
        await self.commit()
        self._db.close()

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN")

    def _commit(self) -> None:
        committed, self._committed = self._committed, None
        assert committed is not None
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            committed.set_exception(error)
        else:
            committed.set_result(None)
