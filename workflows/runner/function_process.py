"""One function's process: started when it is called, watched, stopped, and why it is down."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from workflows.processes.child import Child
from workflows.processes.log_file import LogFile

State = Literal["stopped", "starting", "running", "crashed"]

DRAIN_S = 8.0  # Cloud Run gives ten
LIVED_S = 5.0  # a process that lived this long was no part of a crash loop
LONGEST_PAUSE_S = 8.0


class FunctionDown(RuntimeError):
    """The function's process cannot be started now; `retry_after` is in seconds."""

    def __init__(self, name: str, why: str, line: str, retry_after: float = 1.0) -> None:
        super().__init__(f"The function {name} {why}: {line or 'it said nothing'}")
        self.function = name
        self.log_line = line
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Instance:
    """A process that answers on its port."""

    child: Child
    port: int
    since: float

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


class FunctionProcess:
    """At most one serving process of a function; stopped ones may still be finishing calls.

    `launch` starts a process and returns it once it answers; it raises FunctionDown.
    """

    def __init__(
        self,
        name: str,
        launch: Callable[[LogFile], Awaitable[Instance]],
        log: LogFile,
        say: Callable[[str], None],
    ) -> None:
        self.name = name
        self.log = log
        self.starts = 0
        self.instance: Instance | None = None
        self._launch = launch
        self._say = say
        self._starting: asyncio.Task[Instance] | None = None
        self._draining: set[asyncio.Task[int]] = set()
        self._watching: set[asyncio.Task[None]] = set()
        self._deaths = 0
        self._rested_at = 0.0
        self._closed = False

    @property
    def state(self) -> State:
        """What the process is doing now."""
        if self.instance:
            return "running"
        if self._starting:
            return "starting"
        return "crashed" if self._deaths else "stopped"

    async def ready(self) -> Instance:
        """The serving process, started where there is none; raises FunctionDown.

        All who ask while it starts wait for the same one.
        """
        if self.instance:
            return self.instance
        if self._starting is None:
            self._refuse_while_resting()
            self._starting = asyncio.create_task(self._start())
            # Whoever waits hears of a failure; nobody may be waiting any more.
            self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._starting)

    async def stop(self) -> None:
        """Takes it out of service and lets it finish what it is doing, eight seconds at most."""
        if self._starting:
            await asyncio.wait([self._starting])
        self._deaths = 0
        if self.instance:
            child, self.instance = self.instance.child, None
            draining = asyncio.create_task(child.stop(signal.SIGTERM, DRAIN_S))
            self._draining.add(draining)
            draining.add_done_callback(self._draining.discard)
        await asyncio.gather(*self._draining)

    async def kill(self) -> None:
        """Kills the process outright, as a crash would, and returns once it is gone."""
        if instance := self.instance:
            instance.child.kill()
            self._ended(instance, await instance.child.exited())

    async def close(self) -> None:
        """Stops it for good."""
        self._closed = True
        await self.stop()
        self.log.close()

    def _refuse_while_resting(self) -> None:
        if self._closed:
            raise FunctionDown(self.name, "is not started any more", "the stack stops")
        left = self._rested_at - monotonic()
        if left > 0:
            why = f"ended {self._deaths} times in a row"
            raise FunctionDown(self.name, why, self.log.last_line, left)

    async def _start(self) -> Instance:
        began = monotonic()
        self.starts += 1
        try:
            instance = await self._launch(self.log)
        except FunctionDown:
            self._died()
            raise
        finally:
            self._starting = None
        self.instance = instance
        took = monotonic() - began
        self._say(f"{self.name} started in {took:.2f} s (pid {instance.child.pid})")
        watching = asyncio.create_task(self._watch(instance))
        self._watching.add(watching)
        watching.add_done_callback(self._watching.discard)
        return instance

    async def _watch(self, instance: Instance) -> None:
        self._ended(instance, await instance.child.exited())

    def _ended(self, instance: Instance, status: int) -> None:
        if self.instance is not instance:
            return  # it was stopped, or its end has been noticed
        self.instance = None
        if monotonic() - instance.since > LIVED_S:
            self._deaths = 0
        self._died()
        self._say(f"{self.name} ended with status {status}; the next call starts it again")

    def _died(self) -> None:
        """The first death is forgiven at once, each further one in a row doubles the pause."""
        self._deaths += 1
        pause = 0.0 if self._deaths == 1 else min(0.25 * 2 ** (self._deaths - 1), LONGEST_PAUSE_S)
        self._rested_at = monotonic() + pause
