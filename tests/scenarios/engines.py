"""Hands on the processes of the stack's engines."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workflows.stack import Stack


async def kill(stack: Stack, engine: str) -> None:
    """Kills the engine's process; the stack starts another."""
    os.kill(await _pid(stack, engine), signal.SIGKILL)


@asynccontextmanager
async def hanging(stack: Stack, engine: str) -> AsyncIterator[None]:
    """The engine's process stands still: it accepts connections and answers nothing."""
    pid = await _pid(stack, engine)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def _pid(stack: Stack, engine: str) -> int:
    pid = (await stack.status())["engines"][engine]["pid"]
    assert isinstance(pid, int)
    return pid
