"""Counts what the database kept of what was acknowledged: nothing lost, nothing twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import asyncpg

from workflows.stack import Stack

_DRAIN_S = 120.0
_ROWS = """
SELECT count(*) AS rows, count(DISTINCT signal_id) AS signals FROM behavioral_signals
WHERE signal_id = ANY ($1::uuid[])"""


@dataclass(frozen=True, slots=True)
class Audit:
    """Acknowledged signals without a row, rows beyond one per signal, and the time to settle.

    `drained_s` counts from the last answer to the moment at which nothing was left undelivered.
    """

    acknowledged: int
    lost: int
    doubled: int
    drained_s: float


async def audit(stack: Stack, accepted: Sequence[str], since: float) -> Audit:
    """Wait until every message is delivered and count; `since` is a perf_counter moment."""
    await stack.emulator("pubsub").until_idle(_DRAIN_S)
    drained = perf_counter() - since
    connection = await asyncpg.connect(stack.database_url)
    try:
        row = await connection.fetchrow(_ROWS, list(accepted))
    finally:
        await connection.close()
    assert row is not None
    return Audit(
        acknowledged=len(accepted),
        lost=len(set(accepted)) - row["signals"],
        doubled=row["rows"] - row["signals"],
        drained_s=drained,
    )


async def kill_after(stack: Stack, function: str, seconds: float) -> None:
    """Kill the function's process outright after some seconds of load."""
    await asyncio.sleep(seconds)
    await stack.functions.kill(function)
