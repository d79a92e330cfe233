"""Waits until a started process serves."""

import asyncio
import signal
from collections.abc import Callable

from workflows.processes.child import Child

LONGEST_START_S = 60.0
LONGEST_END_S = 5.0
_ASK_AGAIN_S = 0.005


class NotReady(RuntimeError):
    """The process ended, or took too long, before it served; the text goes on from its name."""


async def until_ready(child: Child, ready: Callable[[], bool]) -> None:
    """Returns once `ready()`; raises NotReady, the process being gone then.

    It is asked every few milliseconds: no server tells its parent, but each leaves a mark.
    """
    try:
        async with asyncio.timeout(LONGEST_START_S):
            while child.running and not ready():  # noqa: ASYNC110 - no event tells it
                await asyncio.sleep(_ASK_AGAIN_S)
    except TimeoutError:
        child.kill()
        raise NotReady(f"did not answer within {LONGEST_START_S:g} s") from None
    except asyncio.CancelledError:
        await child.stop(signal.SIGTERM, LONGEST_END_S)
        raise
    if not child.running:
        raise NotReady(f"ended with status {await child.exited()} before it answered")
