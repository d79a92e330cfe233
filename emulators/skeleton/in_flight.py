"""Owns the count of work under way, so that tests can wait until there is none."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class InFlight:
    """Counts work under way and wakes those who wait for the count to reach zero."""

    def __init__(self) -> None:
        self.count = 0
        self._waiters: set[asyncio.Future[None]] = set()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Counts one piece of work for as long as the block runs."""
        self.add()
        try:
            yield
        finally:
            self.remove()

    def add(self, pieces: int = 1) -> None:
        """Counts `pieces` more pieces of work."""
        self.count += pieces

    def remove(self, pieces: int = 1) -> None:
        """Counts `pieces` fewer; at zero all waiters wake."""
        self.count -= pieces
        if self.count == 0:
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def until_idle(self) -> None:
        """Returns once nothing is under way."""
        while self.count:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)
