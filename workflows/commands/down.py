"""`down`: stops the stack and returns once its last process has ended."""

import argparse
import os
import signal
import time

from workflows.errors import StackError
from workflows.runner.data_folder import DataFolder

PATIENCE_S = 40.0


def main(arguments: argparse.Namespace) -> int:
    """Returns 0 once nothing runs on the folder, also where nothing did."""
    folder = DataFolder(arguments.data)
    if folder.released():
        print(f"No stack runs on {folder.path}.")
        return 0
    if holder := folder.holder():
        os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_S
    while not folder.released():
        if time.monotonic() > deadline:
            raise StackError(f"The stack on {folder.path} did not stop within {PATIENCE_S:g} s.")
        time.sleep(0.02)
    print("Stopped.")
    return 0
