"""Holds a call to its time: what is late is told to stop, and the reply leaves without it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from shared.runtime import log
from shared.runtime.errors import TryAgain

# How long the reply waits for what was told to stop, which may be giving back what it held.
_GRACE_SECONDS = 0.25

_stopping: set[asyncio.Task[Any]] = set()
T = TypeVar("T")


class OutOfTime(TryAgain):
    """The call was not carried out in the time that the route has."""

    def __init__(self) -> None:
        super().__init__("This took longer than it may; send the same request again shortly.")


async def within(deadline: float, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work brings; raise OutOfTime soon after an event-loop time without it.

    The work is cancelled at the deadline. What it still does then, such as giving back a claim or
    a connection to an engine that is silent, goes on by itself and keeps no caller waiting.
    """
    task = asyncio.ensure_future(work)
    try:
        left = deadline - asyncio.get_running_loop().time()
        await asyncio.wait([task], timeout=left)
        if not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=_GRACE_SECONDS)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if task.done() and not task.cancelled():
        return task.result()
    if not task.done():
        _stopping.add(task)
        task.add_done_callback(_stopped)
    raise OutOfTime


def _stopped(task: asyncio.Task[Any]) -> None:
    _stopping.discard(task)
    if not task.cancelled() and (error := task.exception()):
        log.failure("request.stopped_badly", error)
