"""A child process in a session of its own that the kernel signals when this process dies."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path

from workflows.errors import StackError
from workflows.processes.log_file import turn_over
from workflows.processes.output import LineSink, hand_over


class ToolMissing(StackError):
    """A program of the operating system that the stack needs is not installed."""


class Child:
    """A running process, and its whole group, from its start to its exit."""

    def __init__(
        self, process: asyncio.subprocess.Process, reading: asyncio.Task[None] | None
    ) -> None:
        self._process = process
        self._reading = reading
        self._exit = asyncio.create_task(self._watch())

    @property
    def pid(self) -> int:
        """Process id; also the id of its group and session."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Exit status once it has ended, the negative signal number if killed."""
        return self._process.returncode

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._exit.done()

    async def exited(self) -> int:
        """Waits until it has ended, its group is gone and its output is read; the exit status."""
        return await asyncio.shield(self._exit)

    async def stop(self, with_signal: signal.Signals, grace: float) -> int:
        """Signals it, waits up to `grace` seconds, then kills what is left of its group."""
        if self.running:
            self._signal(with_signal)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.exited(), grace)
        if self.running:
            self.kill()
        return await self.exited()

    def kill(self) -> None:
        """Kills the whole group at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def _watch(self) -> int:
        status = await self._process.wait()
        self.kill()  # a server killed outright leaves its workers behind
        if self._reading:
            await self._reading
        return status


async def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    output: Path | LineSink,
    folder: Path,
    on_orphaned: signal.Signals = signal.SIGTERM,
    become: Sequence[str] = (),
) -> Child:
    """Starts `command` in `folder`; its output is appended to a file or handed over by line.

    `on_orphaned` is what the kernel sends it when this process dies, even by SIGKILL; `become` is
    put before the command to change the user it runs as.
    """
    arguments = [*become, *_signalled(on_orphaned), *command]
    if isinstance(output, Path):
        turn_over(output)
        with output.open("ab") as file:
            return Child(await _start(arguments, environment, folder, file.fileno()), None)
    # A pipe of our own: asyncio calls a process ended only once all who hold its pipe have ended,
    # and the workers of a server that was killed outright hold it for ever.
    reading, writing = os.pipe()
    try:
        process = await _start(arguments, environment, folder, writing)
    finally:
        os.close(writing)
    return Child(process, asyncio.create_task(hand_over(reading, output)))


async def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    feed: Awaitable[str],
    become: Sequence[str] = (),
) -> tuple[int, str]:
    """Runs `command` to its end and returns its exit status and all it said.

    It is started at once and given its standard input when `feed` has it.
    """
    reading, writing = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *(*become, *_signalled(signal.SIGKILL), *command),
            env=dict(environment),
            cwd="/",
            stdin=reading,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    finally:
        os.close(reading)
    try:
        said = await _fed(process, writing, feed)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return await process.wait(), said


async def _fed(process: asyncio.subprocess.Process, pipe: int, feed: Awaitable[str]) -> str:
    """All that the process says; one that ends before it is fed has said why."""
    assert process.stdout
    with contextlib.suppress(BrokenPipeError), os.fdopen(pipe, "w") as stdin:
        stdin.write(await feed)
    return (await process.stdout.read()).decode(errors="replace")


def tool(name: str) -> str:
    """Path of a program of util-linux, which Debian and Ubuntu always have; raises ToolMissing."""
    found = shutil.which(name)
    if not found:
        raise ToolMissing(f"The program {name} is missing; install the package util-linux.")
    return found


def _signalled(on_orphaned: signal.Signals) -> list[str]:
    return [tool("setpriv"), f"--pdeathsig={on_orphaned.name.removeprefix('SIG')}", "--"]


async def _start(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, stdout: int
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *arguments,
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        close_fds=False,  # all but the folder's lock close themselves
    )
