"""Waits for what other processes do; no event of theirs reaches a test."""

import asyncio
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 20.0


async def appears(path: Path) -> None:
    """Returns once the file is there."""
    await until(path.exists)


async def ends(pid: int) -> None:
    """Returns once the process has ended, whether or not its parent has noticed."""
    await until(lambda: ended(pid))


async def until(holds: Callable[[], bool]) -> None:
    """Returns once it holds; TimeoutError after twenty seconds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def ended(pid: int) -> bool:
    """Whether the process is gone, or a zombie that its parent has not reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True
