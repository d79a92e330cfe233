"""What an engine of the local stack is, and the start that tries another port if one is lost."""

import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from workflows.errors import StackError
from workflows.processes.child import Child
from workflows.processes.log_file import last_line
from workflows.processes.ports import free_port
from workflows.processes.readiness import NotReady, until_ready

PORT_TRIES = 3


class EngineFailed(StackError):
    """An engine ended, or took too long, before it was ready."""

    def __init__(self, name: str, why: str, log: Path) -> None:
        said = last_line(log) or "it said nothing"
        super().__init__(f"{name} {why}: {said} (log: {log}).")


class Engine(Protocol):
    """A process that the functions need, on ports that stay the same over its restarts."""

    name: str
    stop_signal: signal.Signals
    stop_grace: float

    async def launch(self) -> Child:
        """Starts it and returns once it answers; raises EngineFailed."""


async def on_a_free_port(
    start: Callable[[int], Awaitable[Child]], port: int | None
) -> tuple[Child, int]:
    """`start(port)`, on free ports until one is still free when the engine binds it."""
    if port is not None:
        return await start(port), port
    for _ in range(PORT_TRIES - 1):
        tried = free_port()
        try:
            return await start(tried), tried
        except EngineFailed:
            continue
    tried = free_port()
    return await start(tried), tried


async def answering(child: Child, name: str, log: Path, ready: Callable[[], bool]) -> Child:
    """The child once it is `ready`; raises EngineFailed."""
    try:
        await until_ready(child, ready)
    except NotReady as error:
        raise EngineFailed(name, str(error), log) from None
    return child
