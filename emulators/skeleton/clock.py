"""Owns the local stack's one clock: real time plus an offset that every process can read."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

OFFSET_FORMAT = "%+020.6f\n"  # 21 bytes, so one pwrite replaces the value whole
OFFSET_BYTES = 21


class Clock:
    """Real time plus an offset in seconds; the only writer of the offset file.

    Without a path the offset lives in memory alone. The clock always runs; it is never frozen.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._waiters: set[asyncio.Future[None]] = set()
        self._watchers: list[Callable[[], None]] = []
        self.offset = _read_offset(path) if path else 0.0

    def now(self) -> float:
        """Unix seconds on the stack's clock."""
        return time.time() + self.offset

    def set(self, at: float) -> None:
        """Moves the clock to unix second `at`; it runs on from there."""
        self._move(at - time.time())

    def advance(self, seconds: float) -> None:
        """Moves the clock by `seconds` (negative: back)."""
        self._move(self.offset + seconds)

    async def wait_until(self, at: float) -> None:
        """Returns once the clock shows unix second `at`, early when it is moved past it."""
        while (left := at - self.now()) > 0:
            moved = asyncio.get_running_loop().create_future()
            self._waiters.add(moved)
            try:
                await asyncio.wait((moved,), timeout=left)
            finally:
                self._waiters.discard(moved)

    def on_move(self, told: Callable[[], None]) -> Callable[[], None]:
        """Calls `told` after every move, also back; the returned function ends that."""
        self._watchers.append(told)
        return lambda: self._watchers.remove(told)

    def _move(self, offset: float) -> None:
        self.offset = offset
        if self._path:
            _write_offset(self._path, offset)
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        for told in tuple(self._watchers):
            told()


def _read_offset(path: Path) -> float:
    try:
        return float(path.read_bytes())
    except FileNotFoundError:
        return 0.0


def _write_offset(path: Path, offset: float) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.pwrite(fd, (OFFSET_FORMAT % offset).encode(), 0)
    finally:
        os.close(fd)
