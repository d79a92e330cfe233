"""A named pipe through which the tasks of a job tell a test how far they are."""

import asyncio
import os
from pathlib import Path

WAIT_S = 20


class Pipe:
    """Lines that processes write to `path`, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Open for both: a writer never waits for a reader, and a reader never sees an end.
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self._read = b""

    async def line(self) -> str:
        """The next line."""
        async with asyncio.timeout(WAIT_S):
            while b"\n" not in self._read:
                await self._readable()
                self._read += os.read(self._fd, 4096)
        line, _, self._read = self._read.partition(b"\n")
        return line.decode()

    async def lines(self, count: int) -> list[str]:
        """The next `count` lines, sorted."""
        return sorted([await self.line() for _ in range(count)])

    @property
    def empty(self) -> bool:
        """Whether nothing was written that was not read."""
        try:
            self._read += os.read(self._fd, 4096)
        except BlockingIOError:
            return not self._read
        return False

    def close(self) -> None:
        """Ends the pipe."""
        os.close(self._fd)

    async def _readable(self) -> None:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._fd, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._fd)
