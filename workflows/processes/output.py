"""Reads what a child process writes, line by line."""

import asyncio
import os
from collections.abc import Callable

LineSink = Callable[[str], None]
_LONGEST_LINE = 1024 * 1024


async def hand_over(pipe: int, sink: LineSink) -> None:
    """Calls `sink` with each line from the pipe, without its end, until nobody holds it open."""
    stream = asyncio.StreamReader(limit=_LONGEST_LINE)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(pipe, "rb")
    )
    try:
        while line := await _line(stream):
            sink(line.decode(errors="replace").rstrip("\n"))
    finally:
        transport.close()


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line, or a piece of one that is too long; empty at the end."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as rest:
        return rest.partial
    except asyncio.LimitOverrunError as long:
        return await stream.readexactly(long.consumed)
