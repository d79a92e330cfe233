"""One flight per key: whoever asks for what is being made already waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """The flights of one process, by key."""

    def __init__(self) -> None:
        self._flying: dict[str, asyncio.Task[T]] = {}

    async def join(self, key: str, take_off: Callable[[], Awaitable[T]]) -> T:
        """Return what the flight under `key` brings, starting it where none is under way.

        `take_off` must end by itself: a passenger who is cancelled leaves the flight to the others.
        """
        task = self._flying.get(key)
        if task is None:
            task = asyncio.ensure_future(_fly(take_off))
            self._flying[key] = task
            task.add_done_callback(lambda _: self._flying.pop(key, None))
        return await asyncio.shield(task)


async def _fly(take_off: Callable[[], Awaitable[T]]) -> T:
    return await take_off()
