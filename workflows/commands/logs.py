"""`logs`: prints what the stack, one function or one job has written."""

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
    folder = DataFolder(arguments.data).logs
    # A job's log goes by the name it is deployed under.
    paths = [folder / f"{file}.log" for file in (name, name.replace("_", "-"))]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        known = ", ".join(sorted(log.stem for log in folder.glob("*.log"))) or "none"
        raise NoLog(f"{name} has no log in {folder}; logs there: {known}.")
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
