"""Batches: what comes while a call to an engine runs shares the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

Row = TypeVar("Row")
Fate = TypeVar("Fate")


@dataclass(frozen=True, slots=True)
class _Share(Generic[Row, Fate]):
    rows: Sequence[Row]
    fates: "asyncio.Future[Sequence[Fate]]"


class Batches(Generic[Row, Fate]):
    """Hands rows to `write` in batches, one at a time; for writes this is known as group commit.

    A round trip is what a small read or write costs most. A row that comes alone goes at once;
    those that come meanwhile are the next batch, so that each is looked at after it came. `write`
    returns one fate for each row, in their order. Nobody is told of a row before its batch is done.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Row]], Awaitable[Sequence[Fate]]],
        most_rows: int = 500,
        seconds: float = 3.0,
    ) -> None:
        self._write = write
        self._most_rows = most_rows
        self._seconds = seconds
        self._waiting: deque[_Share[Row, Fate]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._abandoned: set[asyncio.Task[Sequence[Fate]]] = set()

    async def commit(self, rows: Sequence[Row]) -> Sequence[Fate]:
        """Return the fate of each row once the group that holds them is committed.

        Raises what the group's write raised, and TimeoutError where it took longer than `seconds`:
        whether it was committed is then unknown.
        """
        share: _Share[Row, Fate] = _Share(rows, asyncio.get_running_loop().create_future())
        self._waiting.append(share)
        if self._running is None:
            # A task of its own: a caller that goes away takes no other's rows along.
            self._running = asyncio.create_task(self._run())
        return await share.fates

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._write_group(self._next_group())
        finally:
            self._running = None

    def _next_group(self) -> list[_Share[Row, Fate]]:
        group = [self._waiting.popleft()]
        count = len(group[0].rows)
        while self._waiting and count + len(self._waiting[0].rows) <= self._most_rows:
            group.append(self._waiting.popleft())
            count += len(group[-1].rows)
        return group

    async def _write_group(self, group: Sequence[_Share[Row, Fate]]) -> None:
        try:
            fates = iter(await self._within_time([row for share in group for row in share.rows]))
        except Exception as error:  # noqa: BLE001 - each caller gets it and judges for itself
            for share in group:
                if not share.fates.done():
                    share.fates.set_exception(error)
            return
        for share in group:
            own = list(islice(fates, len(share.rows)))
            if not share.fates.done():
                share.fates.set_result(own)

    async def _within_time(self, rows: Sequence[Row]) -> Sequence[Fate]:
        """Write; a write that hangs is left to end by itself, so that it holds up no other."""
        writing = asyncio.ensure_future(self._write(rows))
        await asyncio.wait([writing], timeout=self._seconds)
        if not writing.done():
            writing.cancel()
            self._abandoned.add(writing)
            writing.add_done_callback(self._let_go)
            raise TimeoutError
        return writing.result()

    def _let_go(self, writing: "asyncio.Task[Sequence[Fate]]") -> None:
        self._abandoned.discard(writing)
        if not writing.cancelled():
            writing.exception()  # it was told as a TimeoutError
