"""Owns one wake-up call on the stack's clock: rings once at the earliest time asked for."""

import asyncio
from collections.abc import Callable

from emulators.skeleton.clock import Clock


class Alarm:
    """Calls `ring` when the clock shows the time it is set to; costs nothing while unset."""

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._at: float | None = None
        self._task: asyncio.Task[None] | None = None

    def set(self, at: float | None) -> None:
        """Rings at unix second `at` instead of any earlier setting; None: not at all."""
        if at == self._at:
            return
        if self._task is not None:
            self._task.cancel()
        self._at = at
        self._task = None if at is None else asyncio.create_task(self._wait(at))

    def _wait_is_over(self) -> None:
        self._at = self._task = None
        self._ring()

    async def _wait(self, at: float) -> None:
        await self._clock.wait_until(at)
        self._wait_is_over()
