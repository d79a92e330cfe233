"""One link: a listening port before an engine, and what becomes of the bytes that pass it."""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass, field

from workflows.processes.ports import listening_socket

_PIECE = 64 * 1024
# SO_LINGER with no time: closing sends a reset instead of an orderly end.
_RESET = struct.pack("ii", 1, 0)


@dataclass
class Condition:
    """What a link does to the bytes that pass it; each field is off at its default."""

    latency_s: float = 0.0
    """Waited by every piece, in each direction."""
    bytes_per_s: float = 0.0
    swallows: frozenset[str] = frozenset()
    """The directions whose bytes vanish: `asks`, `answers`."""
    cut_after: int | None = None
    """So many bytes of answers, over all connections, and each is cut off in the middle."""


class Connection:
    """One caller's connection and ours to the engine, each with its stream."""

    def __init__(self, link: "Link", caller: "Stream", engine: "Stream") -> None:
        self._link = link
        self._ends = (caller, engine)
        self.lost = False
        """Whether bytes of it have vanished: whoever still sends on it is answered a reset."""

    async def serve(self) -> None:
        """Carries bytes both ways until one end has closed."""
        caller, engine = self._ends
        ways = (("asks", caller, engine), ("answers", engine, caller))
        carrying = [asyncio.create_task(self._carry(*way)) for way in ways]
        try:
            await asyncio.wait(carrying, return_when=asyncio.FIRST_COMPLETED)
            await self._link.until_audible(self)
        finally:
            for task in carrying:
                task.cancel()
            self.close()

    def close(self) -> None:
        """An orderly end for both."""
        for _, writer in self._ends:
            writer.close()

    def reset(self) -> None:
        """A reset for both."""
        for _, writer in self._ends:
            with contextlib.suppress(OSError):
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, _RESET
                )
            writer.transport.abort()

    async def _carry(self, way: str, source: "Stream", sink: "Stream") -> None:
        with contextlib.suppress(OSError):
            while piece := await source[0].read(_PIECE):
                condition = self._link.condition
                await asyncio.sleep(_delay(condition, len(piece)))
                if way in self._link.condition.swallows:
                    self.lost = True
                    continue
                if self.lost:
                    self.reset()
                    return
                sink[1].write(self._link.spend(way, piece))
                await sink[1].drain()
                if self._link.condition.cut_after == 0 and way == "answers":
                    return


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(eq=False)
class Link:
    """One listening port in front of one engine; its methods run on the proxies' loop."""

    name: str
    port: int
    target: tuple[str, int] | None = None
    condition: Condition = field(default_factory=Condition)
    open: set[Connection] = field(default_factory=set)
    _door: socket.socket | None = None
    _serving: set[asyncio.Task[None]] = field(default_factory=set)
    _healed: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Takes connections from now on."""
        if self._door is None:
            self._door = listening_socket(self.port)
            asyncio.get_running_loop().add_reader(self._door, self._let_in, self._door)

    async def refuse(self) -> None:
        """Closes the port; connections that stand stay."""
        if self._door:
            asyncio.get_running_loop().remove_reader(self._door)
            self._door.close()
            self._door = None

    async def cut(self) -> None:
        """Ends every connection in an orderly way."""
        for connection in list(self.open):
            connection.close()

    async def reset(self) -> None:
        """Ends every connection with a reset."""
        for connection in list(self.open):
            connection.reset()

    async def meet(self, condition: Condition) -> None:
        """Passes bytes as the condition says."""
        self.condition = condition
        self._healed.clear()

    async def heal(self) -> None:
        """Takes connections and passes bytes as a good wire does."""
        self.condition = Condition()
        self._healed.set()
        await self.listen()

    async def until_audible(self, connection: Connection) -> None:
        """Waits while nobody would hear that the connection has ended."""
        if self.condition.swallows and connection in self.open:
            await self._healed.wait()

    def spend(self, way: str, piece: bytes) -> bytes:
        """What of the piece still passes before the link cuts."""
        left = self.condition.cut_after
        if left is None or way != "answers":
            return piece
        self.condition.cut_after = max(0, left - len(piece))
        return piece[:left]

    def _let_in(self, door: socket.socket) -> None:
        # asyncio.Server, closed between taking a connection and serving it, leaves it open.
        with contextlib.suppress(BlockingIOError):
            bound, _ = door.accept()
            bound.setblocking(False)
            serving = asyncio.create_task(self._serve(bound))
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)

    async def _serve(self, bound: socket.socket) -> None:
        assert self.target, f"the link {self.name} leads nowhere yet"
        caller = await asyncio.open_connection(sock=bound)
        try:
            engine = await asyncio.open_connection(*self.target)
        except OSError:
            caller[1].close()
            return
        connection = Connection(self, caller, engine)
        self.open.add(connection)
        try:
            await connection.serve()
        finally:
            self.open.discard(connection)


def _delay(condition: Condition, size: int) -> float:
    rate = condition.bytes_per_s
    return condition.latency_s + (size / rate if rate else 0.0)
