"""Owns one local process: from its start to its exit, the end of its group and of its output."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from emulators.jobs.log_folder import AttemptLog
from emulators.jobs.output import Output

OUTPUT_S = 1.0

# All that a process gets of this one's environment: what a container would have of its own.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "LOGNAME")


class Process:
    """A running process in a session of its own, which the kernel kills when this one dies."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Output) -> None:
        self._process = process
        self._output = output
        self._ended = asyncio.create_task(self._watch())

    async def exited(self) -> int:
        """Waits for its end: the exit status, or the negative number of the signal that ended it.

        By then nothing of its process group is left and its output has been read.
        """
        return await asyncio.shield(self._ended)

    async def stop(self, grace_s: float) -> int:
        """SIGTERM, and after `grace_s` seconds SIGKILL; returns as `exited`.

        A cancelled call kills at once.
        """
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait((self._ended,), timeout=grace_s)
        finally:
            if not self._ended.done():
                self.kill()
                await self.exited()
        return self._ended.result()

    def kill(self) -> None:
        """SIGKILL to its whole group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def _watch(self) -> int:
        status = await _exit_of(self._process)
        self.kill()  # what it started and left behind
        # A process that left the group may hold the pipe for ever.
        await asyncio.wait((self._output.read,), timeout=OUTPUT_S)
        await self._output.close()
        return status


async def spawn(
    command: Sequence[str], environment: Mapping[str, str], folder: str | None, log: AttemptLog
) -> Process:
    """Starts `command` in `folder` (None: this process's own) with its output going to `log`.

    The log is written to until it has `exited`. Raises OSError where a start is impossible; a
    command that is not found exits with 127.
    """
    output = Output(log)
    reading, writing = os.pipe()
    try:
        await asyncio.get_running_loop().connect_read_pipe(lambda: output, os.fdopen(reading, "rb"))
        process = _popen(command, environment, folder, writing)
    except BaseException:
        await output.close()
        raise
    finally:
        os.close(writing)
    return Process(process, output)


def setpriv() -> str:
    """Path of util-linux's setpriv. Raises RuntimeError where it is not installed."""
    found = shutil.which("setpriv")
    if not found:
        raise RuntimeError("The program setpriv is missing; install the package util-linux.")
    return found


def end_leftovers(executions: set[str]) -> None:
    """Kills what processes of these executions (short names) started and left to outlive them.

    For the start after a kill: the kernel ended the tasks' own processes, not their children.
    """
    marks = {f"CLOUD_RUN_EXECUTION={name}".encode() for name in executions}
    for folder in Path("/proc").glob("[0-9]*") if marks else ():
        with contextlib.suppress(OSError):
            if marks & set((folder / "environ").read_bytes().split(b"\0")):
                os.kill(int(folder.name), signal.SIGKILL)


def _popen(
    command: Sequence[str], environment: Mapping[str, str], folder: str | None, output: int
) -> "subprocess.Popen[bytes]":
    # Not asyncio's: uvloop leaves inheritable files open in the child, and the stack hands this
    # process the lock of its folder in one.
    return subprocess.Popen(
        (setpriv(), "--pdeathsig=KILL", "--", *command),
        env={**_own_environment(), **environment},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        close_fds=True,
    )


async def _exit_of(process: "subprocess.Popen[bytes]") -> int:
    loop, exited = asyncio.get_running_loop(), asyncio.Event()
    pidfd = os.pidfd_open(process.pid)
    loop.add_reader(pidfd, exited.set)
    try:
        await exited.wait()
    finally:
        loop.remove_reader(pidfd)
        os.close(pidfd)
    return process.wait()


def _own_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
