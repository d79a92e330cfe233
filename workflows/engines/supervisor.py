"""Keeps one engine running: starts it, starts it again when it dies, stops it."""

import asyncio
import contextlib
from collections.abc import Callable
from time import monotonic

from workflows.engines.engine import Engine, EngineFailed
from workflows.processes.child import Child

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0


class Supervisor:
    """An engine with its process of the moment; `say` is told of every death and revival."""

    def __init__(self, engine: Engine, say: Callable[[str], None]) -> None:
        self.engine = engine
        self.child: Child | None = None
        self._say = say
        self._keeping: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process's id, None while it has none."""
        return self.child.pid if self.child and self.child.running else None

    @property
    def state(self) -> str:
        """`running`, or `down` between a death and the revival."""
        return "running" if self.pid else "down"

    async def start(self) -> None:
        """Starts the engine and keeps it running from then on; raises EngineFailed."""
        self.child = await self.engine.launch()
        self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Ends the engine in its own orderly way, by force where that takes too long."""
        if self._keeping:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
        if self.child:
            await self.child.stop(self.engine.stop_signal, self.engine.stop_grace)

    async def _keep(self) -> None:
        pause = FIRST_PAUSE_S
        while self.child:
            since = monotonic()
            status = await self.child.exited()
            self._say(f"{self.engine.name} ended with status {status}; starting it again")
            pause = FIRST_PAUSE_S if monotonic() - since > LONGEST_PAUSE_S else pause
            self.child, pause = await self._revived(pause)

    async def _revived(self, pause: float) -> tuple[Child, float]:
        while True:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
            try:
                return await self.engine.launch(), pause
            except EngineFailed as error:
                self._say(str(error))
