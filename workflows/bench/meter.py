"""The CPU that is taken while something is measured: by the stack, by the client, by strangers."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter, process_time

from workflows.bench.footprint import busy_seconds, cpu_seconds, parts
from workflows.stack import Stack


class Meter:
    """Sums over stretches, each an `async with meter.running():`, on one stack."""

    def __init__(self, stack: Stack) -> None:
        self.wall_s = 0.0
        self.client_s = 0.0
        self.stack_s: Counter[str] = Counter()
        self._stack = stack
        self._busy_s = 0.0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count what the body takes."""
        before = await self._spent()
        began = (perf_counter(), process_time(), busy_seconds())
        yield
        ended = (perf_counter(), process_time(), busy_seconds())
        self.stack_s.update(await self._spent() - before)
        wall, client, busy = (after - first for first, after in zip(began, ended, strict=True))
        self.wall_s += wall
        self.client_s += client
        self._busy_s += busy

    @property
    def client_share(self) -> float:
        """What the client took of one core, 0 to 1."""
        return self.client_s / self.wall_s

    @property
    def elsewhere_cores(self) -> float:
        """How many cores were busy with what is neither the stack nor the client."""
        ours = sum(self.stack_s.values()) + self.client_s
        return max(0.0, (self._busy_s - ours) / self.wall_s)

    def cpu_ms(self, count: int) -> dict[str, float]:
        """Return the milliseconds of CPU by part of the stack for each of `count` requests."""
        return {name: 1000 * s / count for name, s in self.stack_s.most_common() if s > 0}

    async def _spent(self) -> Counter[str]:
        status = await self._stack.status()
        return Counter({name: cpu_seconds(pids) for name, pids in parts(status).items()})
