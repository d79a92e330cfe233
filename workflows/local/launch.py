"""Starts `python -m workflows up` as a process of its own and waits until the stack runs."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workflows.errors import StackError
from workflows.manifest import ROOT
from workflows.processes.child import tool
from workflows.processes.log_file import last_line

READY = "ready"


class NotStarted(StackError):
    """The stack's process ended before the stack ran."""


@dataclass(frozen=True, slots=True)
class Launched:
    """A stack's process and the pipe on which it says that it runs, or why not."""

    process: subprocess.Popen[bytes]
    pipe: int
    log: Path

    def until_ready(self) -> None:
        """Returns once the stack runs; raises NotStarted."""
        with os.fdopen(self.pipe, encoding="utf-8") as pipe:
            first = pipe.readline()
            if first.strip() == READY:
                return
            said = (first + pipe.read()).strip()
        self.process.wait()
        raise NotStarted(said or last_line(self.log) or "The stack ended without a word.")


def launch(folder: Path, arguments: Sequence[str], *, outlive: bool) -> Launched:
    """Starts `up --data folder` with more arguments; unless `outlive`, it ends when we do."""
    log = folder / "logs" / "stack.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe()
    up = [sys.executable, "-m", "workflows", "up", "--data", str(folder), *arguments]
    tied = [] if outlive else [tool("setpriv"), "--pdeathsig=TERM", "--"]
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [*tied, *up, "--ready-fd", str(writing)],
            cwd=ROOT,
            pass_fds=[writing],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    os.close(writing)
    return Launched(process, reading, log)


def tell(pipe: int, word: str) -> None:
    """Says one word or sentence on the pipe, for whoever launched us, and closes it."""
    with os.fdopen(pipe, "w", encoding="utf-8") as file:
        file.write(word + "\n")
