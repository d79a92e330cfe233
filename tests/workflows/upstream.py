"""A gateway in this process before a server that a test writes: no function process, no engine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from aiohttp import web

from workflows.gateway.forward import Forwarder, session
from workflows.gateway.listener import Listener
from workflows.gateway.public import Public
from workflows.processes.ports import listening_socket
from workflows.triggers import Route
from workflows.wiring import Function, Wiring

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ROUTE = "/trips/{id}"


@dataclass
class OneBackend:
    """Every function answers at one URL, or is down."""

    base: str = ""
    down: Exception | None = None

    async def url(self, function: str) -> str:
        if self.down:
            raise self.down
        return self.base


@dataclass(frozen=True)
class Gateway:
    """The gateway's address, a client of it, and the backend it asks."""

    url: str
    client: aiohttp.ClientSession
    backend: OneBackend


@asynccontextmanager
async def gateway_before(answer: Handler, seconds: float = 5.0) -> AsyncIterator[Gateway]:
    """A gateway whose one function, on GET and POST of ROUTE, is `answer`."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    backend = OneBackend(f"http://127.0.0.1:{site.port}")
    async with session() as inner, aiohttp.ClientSession() as client:
        public = Public(_wiring(seconds), Forwarder(inner, backend), backend, _no_health)
        listener = Listener(listening_socket(0), public.answer)
        await listener.start()
        try:
            yield Gateway(listener.url, client, backend)
        finally:
            await client.close()
            await listener.stop()
            await runner.cleanup()


def _wiring(seconds: float) -> Wiring:
    read = Function(
        "read_trip", "a.toml", Route("GET", ROUTE), (), (), 512, seconds, 1, "public", 0, 80
    )
    write = replace(read, name="write_trip", trigger=Route("POST", ROUTE))
    return Wiring({"read_trip": read, "write_trip": write}, {}, {})


async def _no_health(*, deep: bool) -> tuple[int, dict[str, Any]]:
    return 200, {"deep": deep}
