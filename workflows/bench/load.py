"""Asks many times, some at once, and keeps how long each took."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from workflows.bench.spread import Spread, spread

Ask = Callable[[int], Awaitable[float]]
"""Sends the request of a number and returns the seconds that it took; raises RequestFailed."""


@dataclass(slots=True)
class Load:
    """One kind of request and the seconds that each took; may be driven several times."""

    ask: Ask
    seconds: list[float] = field(default_factory=list)

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

        await asyncio.gather(*(one_client(place) for place in range(concurrency)))

    @property
    def ms(self) -> Spread:
        """The spread in milliseconds."""
        return spread([1000 * seconds for seconds in self.seconds])
