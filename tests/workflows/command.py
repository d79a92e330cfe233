"""Runs `python -m workflows` as a person would."""

import asyncio
import subprocess
import sys

from workflows.manifest import ROOT


class Said:
    """What a command printed, and its exit status."""

    def __init__(self, status: int, out: bytes, err: bytes) -> None:
        self.status = status
        self.out = out.decode()
        self.err = err.decode()


async def workflows(*arguments: str) -> Said:
    """Runs the command to its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workflows", *arguments),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Said(await process.wait(), out, err)
