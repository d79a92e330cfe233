"""The tables of the training set: plans, datasets, buckets, subjects; and the signals it holds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from shared.learning.buckets import bounds
from shared.learning.columns import Row
from shared.learning.due import DayRows, Extracted, due, midnight, stale_days, window
from shared.learning.manifest import BucketFacts
from shared.learning.training_set import Dataset
from shared.runtime.postgres import Connection, Pool
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)

Hold = Callable[[Connection, Iterable[str]], Awaitable[set[str]]]
"""Keeps people from leaving until the transaction ends; returns those who left already."""

# A night's query reads a day; the pool's own limit is made for requests.
_READ_SECONDS: Final = 900.0
_ROWS_AT_ONCE: Final = 1000
_SUBJECTS_AT_ONCE: Final = 200
_ONE_DAY: Final = timedelta(days=1)

Mark = Literal["early", "last", "closed"]


async def mark_stale(connection: Connection, user_id: str) -> None:
    """Delete who the person is in the training set and mark each day with rows of theirs.

    Call it in the transaction that forgets them, before their user id is replaced. The next night
    writes those days anew, from rows that carry pseudonyms by then, so with fresh subjects.
    """
    await connection.execute(_SQL["mark_days_stale"], user_id)
    await connection.execute(_SQL["forget_subject"], user_id)


class TrainingDays:
    """Which days are due, and the versions that are planned, written, archived and deleted."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def plan(self, execution: str, at: datetime, only: date | None) -> list[Dataset]:
        """Return what the execution writes, the same for all its shards; raises DayNotOver.

        The first that asks decides, of the days in the window (or of `only`) and those marked.
        """
        start, end = window(at, only)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_SQL["plan_alone"], timeout=_READ_SECONDS)
            if await connection.fetchval(_SQL["claim_plan"], execution, at):
                await _plan(connection, execution, start, end, marked_too=only is None)
            rows = await connection.fetch(_SQL["planned_datasets"], execution)
        return [Dataset(**row) for row in rows]

    async def written(self, dataset: Dataset) -> dict[int, BucketFacts]:
        """Return the facts of the buckets that are done."""
        rows = await self._pool.fetch(_SQL["written_buckets"], dataset.day, dataset.version)
        return {row["bucket"]: BucketFacts.read(row["facts"]) for row in rows}

    async def record(self, dataset: Dataset, bucket: int, facts: BucketFacts) -> None:
        """Remember that a bucket is done."""
        key = (dataset.day, dataset.version, bucket)
        await self._pool.execute(_SQL["record_bucket"], *key, facts.record())

    async def to_archive(self, before: date) -> list[Dataset]:
        """Return the datasets of days before `before` whose sets lie in their rows too."""
        rows = await self._pool.fetch(_SQL["datasets_to_archive"], before)
        return [Dataset(**row) for row in rows]

    async def archive(
        self, uri: str, sha256: str, rankings: Sequence[str], sizes: Sequence[int]
    ) -> None:
        """Replace the sets of these rankings by a reference, where they are of these sizes."""
        ids = [UUID(ranking) for ranking in rankings]
        await self._pool.execute(_SQL["archive_sets"], uri, sha256, ids, sizes)

    async def mark_archived(self, dataset: Dataset, at: datetime) -> None:
        """Remember that all references of the day's rows point into this version."""
        await self._pool.execute(_SQL["mark_archived"], dataset.day, dataset.version, at)

    async def to_delete(self, at: datetime, archived_before: date) -> list[Dataset]:
        """Return the versions that are due to go and that no row refers to."""
        rows = await self._pool.fetch(_SQL["datasets_to_delete"], at, archived_before)
        return [Dataset(**row) for row in rows]

    async def mark_deleted(self, dataset: Dataset, at: datetime) -> None:
        """Remember that a version's objects are gone."""
        await self._pool.execute(_SQL["mark_deleted"], dataset.day, dataset.version, at)

    async def delete_finished_before(self, moment: datetime) -> int:
        """Delete plans made and shards of jobs done before the moment; return how many.

        Datasets stay, all but the name of the execution that wrote them.
        """
        deleted: int = await self._pool.fetchval(_SQL["delete_finished"], moment)
        return deleted


async def _plan(
    connection: Connection, execution: str, start: datetime, end: datetime, *, marked_too: bool
) -> None:
    marks = {row["day"]: row["stale_marks"] for row in await connection.fetch(_SQL["stale_marks"])}
    kept = await connection.fetch(_SQL["complete_datasets"])
    extracted = {row["day"]: Extracted(**row) for row in kept}
    stale = stale_days(marks, extracted.values())
    found = await _rows_between(connection, start, end)
    within = {day for day in (*found, *extracted) if start <= midnight(day) < end}
    for day in sorted(within | stale if marked_too else within):
        if day not in within:
            found |= await _rows_between(connection, midnight(day), midnight(day) + _ONE_DAY)
        rows = found.get(day, DayRows(day))
        if due(rows, extracted.get(day), stale=day in stale):
            facts = (day, execution, rows.newest_seq, marks.get(day, 0))
            await connection.execute(_SQL["plan_dataset"], *facts)


async def _rows_between(
    connection: Connection, start: datetime, end: datetime
) -> dict[date, DayRows]:
    rows = await connection.fetch(_SQL["days_between"], start, end, timeout=_READ_SECONDS)
    return {row["day"]: DayRows(**row) for row in rows}


class TrainingRows:
    """The signals of a bucket, each person's under a subject."""

    def __init__(self, pool: Pool, hold: Hold) -> None:
        self._pool = pool
        self._hold = hold

    async def name_subjects(self, dataset: Dataset, bucket: int) -> None:
        """Give everyone in the bucket a random subject who has none, but those who left."""
        async with self._pool.acquire() as connection, connection.transaction():
            cursor = await connection.cursor(_SQL["without_subject"], *_scope(dataset, bucket))
            while rows := await cursor.fetch(_SUBJECTS_AT_ONCE, timeout=_READ_SECONDS):
                await self._make_subjects([row["user_id"] for row in rows])

    async def of_bucket(self, dataset: Dataset, bucket: int) -> AsyncIterator[Sequence[Row]]:
        """Return the bucket's rows by trip and order, some at a time, read one step ahead."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_SQL["take_time"])
            cursor = await connection.cursor(_SQL["signals_of_bucket"], *_scope(dataset, bucket))
            rows: Sequence[Any] = await cursor.fetch(_ROWS_AT_ONCE, timeout=_READ_SECONDS)
            while rows:
                ahead = asyncio.create_task(cursor.fetch(_ROWS_AT_ONCE, timeout=_READ_SECONDS))
                try:
                    yield rows
                    rows = await ahead
                finally:
                    await _settle(ahead)

    async def _make_subjects(self, user_ids: Sequence[str]) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            left = await self._hold(connection, user_ids)
            # In one order for all shards, or two of them could wait for each other.
            staying = sorted(set(user_ids) - left)
            await connection.execute(_SQL["make_subjects"], staying, [uuid4() for _ in staying])


async def _settle(task: "asyncio.Task[Any]") -> None:
    """End the fetch before its transaction: a connection does one thing at a time."""
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _scope(dataset: Dataset, bucket: int) -> tuple[datetime, datetime, int, UUID, UUID]:
    start = midnight(dataset.day)
    return start, start + _ONE_DAY, dataset.newest_seq, *bounds(bucket)


async def mark_shard(
    connection: Connection, job: str, execution: str, shard: tuple[int, int], at: datetime
) -> Mark:
    """Mark shard `(index, count)` done in the caller's transaction; return where that leaves it.

    `early`: others are not done yet; `last`: this mark completes the set; `closed`: the set was
    complete before, and this is another try of a shard that did not get to say so.
    """
    index, count = shard
    await connection.execute(_SQL["take_time"])
    await connection.execute(_SQL["close_alone"], f"{job}/{execution}")
    new = await connection.fetchval(_SQL["mark_shard"], job, execution, index, count, at)
    if count != await connection.fetchval(_SQL["marked_shards"], job, execution):
        return "early"
    return "closed" if new is None else "last"


async def complete(
    connection: Connection, dataset: Dataset, signals: int, at: datetime, delete_older: datetime
) -> None:
    """Mark a dataset complete in the caller's transaction; older versions go at `delete_older`."""
    key = (dataset.day, dataset.version)
    await connection.execute(_SQL["complete_dataset"], *key, signals, at)
    await connection.execute(_SQL["supersede_datasets"], dataset.day, delete_older)


async def held(connection: Connection, user_id: str) -> AsyncIterator[str]:
    """Yield who the person is in the training set as JSON text, in the caller's transaction."""
    async for row in connection.cursor(_SQL["held"], user_id):
        yield row["held"]
