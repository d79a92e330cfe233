"""`stop`: stops one function's process; its next call is a cold start."""

import argparse
import asyncio

from workflows.stack import Stack


def main(arguments: argparse.Namespace) -> int:
    """Returns 0 once the function's process has finished its calls and ended."""
    asyncio.run(Stack.attach(arguments.data).functions.stop(arguments.function))
    print(f"{arguments.function} stopped.")
    return 0
