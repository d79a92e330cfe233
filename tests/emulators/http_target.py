"""A real HTTP endpoint for emulators to call: keeps what it was sent and answers as told."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

WAIT_S = 20


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came: `raw` keeps the casing and the order of the headers."""

    method: str
    path: str
    raw: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The headers by lower-case name; a name that came twice fails."""
        names = [name.lower() for name, _ in self.raw]
        assert len(names) == len(set(names)), self.raw
        return {name.lower(): value for name, value in self.raw}


@dataclass(frozen=True, slots=True)
class Answer:
    """What to reply: a status with headers, or nothing until the caller gives up."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False


class HttpTarget:
    """Answers 200 unless told otherwise by `script` (one answer per request) or `always`."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[Received] = []
        self.running = 0
        self.most_running = 0
        self.always = Answer()
        self._script: list[Answer] = []
        self._held: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._holding = False
        self._changed = asyncio.Condition()

    def script(self, *answers: int | Answer) -> None:
        """Answers the coming requests with these, in order."""
        self._script = [
            answer if isinstance(answer, Answer) else Answer(answer) for answer in answers
        ]

    def hold(self) -> None:
        """Keeps the coming requests without an answer until `release`."""
        self._holding = True

    def release(self) -> None:
        """Answers all requests kept."""
        self._holding = False
        for event in self._held.values():
            event.set()

    async def received(self, count: int) -> list[Received]:
        """The requests so far, once there are at least `count`."""
        async with asyncio.timeout(WAIT_S), self._changed:
            await self._changed.wait_for(lambda: len(self.calls) >= count)
        return self.calls

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serves one request."""
        raw = tuple((name.decode(), value.decode()) for name, value in request.raw_headers)
        call = Received(request.method, request.path_qs, raw, await request.read())
        answer = self._script.pop(0) if self._script else self.always
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            async with self._changed:
                self.calls.append(call)
                self._changed.notify_all()
            if answer.silent:
                await asyncio.Event().wait()
            if self._holding:
                await self._held[f"{len(self.calls)}"].wait()
        finally:
            self.running -= 1
        return web.Response(status=answer.status, headers=answer.headers)


@asynccontextmanager
async def http_target() -> AsyncIterator[HttpTarget]:
    """A target listening on a free port of 127.0.0.1."""
    target = HttpTarget()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", target.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    target.url = f"http://{host}:{port}"
    try:
        yield target
    finally:
        target.release()
        await runner.cleanup()
