"""`logs`: prints what the stack, or one function, has written."""

import argparse
import sys
import time
from pathlib import Path

from workflows.errors import StackError
from workflows.runner.data_folder import DataFolder


class NoLog(StackError):
    """Nothing has been written under that name."""


def main(arguments: argparse.Namespace) -> int:
    """Prints the log to its end, and with --follow whatever comes after."""
    name = arguments.function or "stack"
    path = DataFolder(arguments.data).logs / f"{name}.log"
    if not path.is_file():
        known = ", ".join(sorted(log.stem for log in path.parent.glob("*.log"))) or "none"
        raise NoLog(f"{name} has no log in {path.parent}; logs there: {known}.")
    _print(path, follow=arguments.follow)
    return 0


def _print(path: Path, *, follow: bool) -> None:
    with path.open(encoding="utf-8", errors="replace") as file:
        while True:
            for line in file:
                sys.stdout.write(line)
            sys.stdout.flush()
            if not follow:
                return
            time.sleep(0.2)
