"""Asks many times, some at once, and keeps how long each took and what the asking itself cost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter, process_time

Ask = Callable[[int], Awaitable[float]]
"""Sends the request of a number and returns the seconds that it took; raises RequestFailed."""


@dataclass(slots=True)
class Load:
    """What has been measured of one kind of request; may be driven several times."""

    ask: Ask
    seconds: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    client_cpu_s: float = 0.0

    async def drive(self, count: int, concurrency: int, apart_s: float = 0.0) -> None:
        """Ask `count` times, `concurrency` at once: each asks again as soon as it is answered.

        The clients begin `apart_s` seconds after one another.
        """
        first = len(self.seconds)
        numbers = iter(range(first, first + count))

        async def one_client(place: int) -> None:
            await asyncio.sleep(place * apart_s)
            for number in numbers:
                self.seconds.append(await self.ask(number))

        began, spent = perf_counter(), process_time()
        await asyncio.gather(*(one_client(place) for place in range(concurrency)))
        self.wall_s += perf_counter() - began
        self.client_cpu_s += process_time() - spent

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall_s

    @property
    def client_share(self) -> float:
        """The client's own share of one core, 0 to 1."""
        return self.client_cpu_s / self.wall_s
