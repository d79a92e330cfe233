"""What comes while a write runs shares the next one; nobody waits for nothing or is told early."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.runtime.batches import Batches


class Table:
    """Writes when it is let; answers each row with its double."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.began = asyncio.Semaphore(0)
        self.let = asyncio.Semaphore(0)
        self.raises: list[BaseException | None] = []

    async def write(self, rows: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(rows))
        self.began.release()
        await self.let.acquire()
        raises = self.raises.pop(0) if self.raises else None
        if raises is not None:
            raise raises
        return [2 * row for row in rows]

    def open(self) -> None:
        for _ in range(1000):
            self.let.release()


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def group(table: Table) -> Batches[int, int]:
    return Batches(table.write, most_rows=10, seconds=30)


def send(group: Batches[int, int], *rows: int) -> "asyncio.Task[Sequence[int]]":
    return asyncio.create_task(group.commit(rows))


async def test_a_row_that_comes_alone_is_written_at_once(
    table: Table, group: Batches[int, int]
) -> None:
    table.open()
    assert await group.commit([1]) == [2]
    assert await group.commit([2, 3]) == [4, 6]
    assert table.groups == [[1], [2, 3]]


async def test_those_that_come_while_a_write_runs_are_one_group_and_each_gets_its_own_fates(
    table: Table, group: Batches[int, int]
) -> None:
    first = send(group, 1)
    await table.began.acquire()
    others = [send(group, 2, 3), send(group, 4), send(group, 5, 6)]
    table.open()
    assert await first == [2]
    assert [await other for other in others] == [[4, 6], [8], [10, 12]]
    assert table.groups == [[1], [2, 3, 4, 5, 6]]


async def test_nobody_is_told_before_the_group_is_written(
    table: Table, group: Batches[int, int]
) -> None:
    tasks = [send(group, 1)]
    await table.began.acquire()
    tasks += [send(group, 2), send(group, 3)]
    table.let.release()
    await tasks[0]
    await table.began.acquire()
    assert [task.done() for task in tasks] == [True, False, False]
    table.open()
    await asyncio.gather(*tasks)


async def test_no_group_is_larger_than_the_most_rows_and_none_is_left_behind(
    table: Table, group: Batches[int, int]
) -> None:
    tasks = [send(group, n) for n in range(25)]
    large = send(group, *range(100, 120))  # more than a group by itself
    table.open()
    assert await asyncio.gather(*tasks) == [[2 * n] for n in range(25)]
    assert len(await large) == 20
    assert [len(rows) for rows in table.groups] == [10, 10, 5, 20]


async def test_a_write_that_fails_fails_all_of_its_group_and_none_of_the_next(
    table: Table, group: Batches[int, int]
) -> None:
    table.raises = [None, ConnectionError("away")]
    first = send(group, 1)
    await table.began.acquire()
    doomed = [send(group, 2), send(group, 3)]
    table.open()
    assert await first == [2]
    outcomes = await asyncio.gather(*doomed, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionError, ConnectionError]
    assert await group.commit([4]) == [8]


async def test_a_caller_that_goes_away_takes_no_others_rows_along(
    table: Table, group: Batches[int, int]
) -> None:
    first = send(group, 1)
    await table.began.acquire()
    gone, stays = send(group, 2), send(group, 3)
    await asyncio.sleep(0)
    gone.cancel()
    first.cancel()
    table.open()
    assert await stays == [6]
    assert 3 in table.groups[1]


async def test_a_write_that_hangs_is_reported_and_holds_up_no_other(table: Table) -> None:
    group: Batches[int, int] = Batches(table.write, seconds=0.02)
    with pytest.raises(TimeoutError):
        await group.commit([1])
    table.open()
    assert await group.commit([2]) == [4]


async def test_a_write_that_hangs_even_when_cancelled_holds_up_no_other() -> None:
    ended = asyncio.Event()

    async def write(rows: Sequence[int]) -> Sequence[int]:
        if 1 in rows:
            try:
                await asyncio.Event().wait()
            finally:
                await ended.wait()
        return rows

    group: Batches[int, int] = Batches(write, seconds=0.02)
    with pytest.raises(TimeoutError):
        await group.commit([1])
    assert await group.commit([2]) == [2]
    ended.set()
