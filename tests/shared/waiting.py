"""Waits for what another process brings about and cannot announce."""

import asyncio
from collections.abc import Awaitable, Callable

_AT_MOST_S = 10.0
_STEP_S = 0.01


async def until(happened: Callable[[], Awaitable[object]]) -> None:
    """Returns once `happened` answers with something true; raises TimeoutError."""
    async with asyncio.timeout(_AT_MOST_S):
        while not await happened():  # noqa: ASYNC110  # the event lies outside of this loop
            await asyncio.sleep(_STEP_S)
