"""A process that is told to end finishes what it was given, within eight seconds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from uuid import UUID, uuid4

import pytest

from shared.runtime.postgres import Pool
from shared.signals.signal import Signal
from tests.builders import a_signal
from tests.functions.store_signal.process import DRAIN_S, StoreSignal, store_signal
from tests.shared.waiting import until
from workflows.stack import Stack


@pytest.fixture
async def process(stack: Stack, database_url: str, tmp_path: Path) -> AsyncIterator[StoreSignal]:
    """A running process that has opened what it needs."""
    async with store_signal(stack, database_url, tmp_path / "log") as started:
        assert await started.push([a_signal(uuid4())]) == 204
        yield started


@asynccontextmanager
async def slow_table(pool: Pool) -> AsyncIterator[None]:
    """Nothing is written to behavioral_signals until the block ends."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE behavioral_signals IN ACCESS EXCLUSIVE MODE")
        yield


async def until_it_waits(pool: Pool) -> None:
    """Returns once a statement waits for the table."""
    await until(
        lambda: pool.fetchval(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
            " AND relation = 'behavioral_signals'::regclass"
        )
    )


async def stored(pool: Pool, signals: list[Signal]) -> set[UUID]:
    ids = [signal.signal_id for signal in signals]
    rows = await pool.fetch(
        "SELECT signal_id FROM behavioral_signals WHERE signal_id = ANY ($1)", ids
    )
    return {row["signal_id"] for row in rows}


async def test_what_was_delivered_before_the_end_is_stored_and_acknowledged(
    pool: Pool, process: StoreSignal
) -> None:
    signals = [a_signal(uuid4()) for _ in range(6)]
    async with slow_table(pool):
        pushes = [asyncio.create_task(process.push([signals[0]]))]
        await until_it_waits(pool)
        pushes += [asyncio.create_task(process.push([signal])) for signal in signals[1:]]
        await asyncio.sleep(0.1)  # until the others stand in the next group; nothing tells of it
        at = await process.terminate()
        assert process.child.running
        assert not any(push.done() for push in pushes)
    assert await asyncio.gather(*pushes) == [204] * 6
    assert await process.child.exited() == 0
    assert monotonic() - at < DRAIN_S
    assert await stored(pool, signals) == {signal.signal_id for signal in signals}


async def test_a_table_that_stays_away_holds_up_no_end_and_nothing_is_acknowledged(
    pool: Pool, process: StoreSignal
) -> None:
    signals = [a_signal(uuid4()) for _ in range(2)]
    async with slow_table(pool):
        first = asyncio.create_task(process.push([signals[0]]))
        await until_it_waits(pool)
        second = asyncio.create_task(process.push([signals[1]]))
        at = await process.terminate()
        assert list(await asyncio.gather(first, second)) == [503, 503]
        assert await process.child.exited() == 0
        assert monotonic() - at < DRAIN_S
    assert await stored(pool, signals) == set()
