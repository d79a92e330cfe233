"""Owns what a process writes: cuts it into lines, for the log of its attempt."""

import asyncio

from emulators.jobs.log_folder import AttemptLog

LONGEST_LINE = 16 * 1024


class Output(asyncio.Protocol):
    """Cuts what comes through a pipe into lines; `read` is done when nobody holds the pipe."""

    def __init__(self, log: AttemptLog) -> None:
        self.read = asyncio.get_running_loop().create_future()
        self._log = log
        self._rest = b""
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes the pipe's transport."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Writes the lines that are whole, and pieces of very long ones."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._log.write(line)
        if len(self._rest) > LONGEST_LINE:
            self._log.write(self._rest)
            self._rest = b""

    def connection_lost(self, exc: Exception | None) -> None:
        """Writes what came last, a line without an end."""
        if self._rest:
            self._log.write(self._rest)
            self._rest = b""
        if not self.read.done():
            self.read.set_result(None)

    async def close(self) -> None:
        """Stops reading; what has come so far is written."""
        if self._transport:
            self._transport.close()
            await self.read
