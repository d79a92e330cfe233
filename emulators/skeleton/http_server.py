"""Owns HTTP serving: one ASGI app on a socket bound first, with injected faults in front of it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from emulators.skeleton import interface
from emulators.skeleton.faults import Faults

KEEP_ALIVE_S = 75
STOP_S = 0.5

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    412: "FAILED_PRECONDITION",
    416: "OUT_OF_RANGE",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


@dataclass(frozen=True, slots=True)
class HttpServer:
    """A listening server. `url` has no slash at its end."""

    url: str
    port: int
    stop: Callable[[], Awaitable[None]]


def google_error(code: int, message: str) -> dict[str, Any]:
    """The error body of Google's JSON APIs for an HTTP status."""
    status = _STATUSES.get(code, "UNKNOWN")
    return {"error": {"code": code, "message": message, "status": status}}


async def serve(app: ASGIApp, port: int = 0) -> HttpServer:
    """Serves `app` on a port (0: a free one), without uvicorn's own loop, which polls."""
    config = Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        date_header=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    config.load()
    state = ServerState()
    listening = _bound(port)
    url_port = listening.getsockname()[1]

    def protocol() -> asyncio.Protocol:
        kind: Any = config.http_protocol_class
        made: asyncio.Protocol = kind(config=config, server_state=state, app_state={})
        return made

    server = await asyncio.get_running_loop().create_server(protocol, sock=listening, backlog=2048)

    async def stop() -> None:
        server.close()
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            _, late = await asyncio.wait(set(state.tasks), timeout=STOP_S)
            for task in late:
                task.cancel()
        await asyncio.sleep(0)  # lets closing transports go before the loop may end

    return HttpServer(f"http://{interface.reachable_host()}:{url_port}", url_port, stop)


def with_faults(
    app: ASGIApp,
    faults: Faults,
    error_body: Callable[[int, str], dict[str, Any]] = google_error,
) -> ASGIApp:
    """`app` behind injected faults; a call is named "METHOD /path". Admin routes are never hit."""

    async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
        fault = None
        if scope["type"] == "http" and not scope["path"].startswith("/_emulator/"):
            fault = await faults.meet(f"{scope['method']} {scope['path']}")
        if fault is None:
            await app(scope, receive, send)
        elif fault.disconnect:
            await _drop_connection(send)
        else:
            body = error_body(fault.status, f"Injected fault: {fault.status}.")
            await JSONResponse(body, fault.status)(scope, receive, send)

    return faulty


async def _drop_connection(send: Send) -> None:
    # ASGI cannot say "close now": uvicorn's own send is a method of the object with the transport.
    cycle: Any = getattr(send, "__self__", None)
    cycle.transport.abort()
    while not cycle.disconnected:  # noqa: ASYNC110  # uvicorn sets a flag and no event
        await asyncio.sleep(0)


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((interface.host.get(), port))
    listening.setblocking(False)
    return listening
