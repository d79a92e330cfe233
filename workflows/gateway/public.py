"""The public listener: the manifest's routes, the index and the stack's health."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from aiohttp import web

from workflows.gateway import problems, websocket
from workflows.gateway.forward import Backend, Forwarder
from workflows.gateway.route_table import NoSuchPath, RouteTable, WrongMethod
from workflows.wiring import Wiring

log = logging.getLogger(__name__)

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
# Functions read at most 16 KB of path and headers, what the gateway adds among them.
HEAD_LIMIT = 15 * 1024
_NO_MODEL = {"X-Model-Version": "none", "Cache-Control": "no-store"}


class Health(Protocol):
    """How the stack is."""

    async def __call__(self, *, deep: bool) -> tuple[int, dict[str, Any]]:
        """Status and body; `deep` starts every function to ask it."""


class Public:
    """Answers travellers: background functions are not reachable here."""

    def __init__(
        self, wiring: Wiring, forwarder: Forwarder, backend: Backend, health: Health
    ) -> None:
        self._routes = RouteTable(wiring.routed())
        self._forwarder = forwarder
        self._backend = backend
        self._health = health
        self._index = _index(wiring)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request."""
        target = request.raw_path
        path = target.partition("?")[0]
        if path in ("/", "/health"):
            return await self._own(request, path)
        try:
            function = self._routes.find(request.method, path)
        except NoSuchPath:
            return problems.no_such_path(path)
        except WrongMethod as error:
            return problems.wrong_method(request.method, path, error.allowed)
        if websocket.wanted(request):
            client = self._forwarder.client
            return await websocket.passed_through(request, function, target, client, self._backend)
        return await self._forwarder.forward(request, function, target)

    async def _own(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        if request.method != "GET":
            return problems.wrong_method(request.method, path, ["GET"])
        if path == "/":
            return web.Response(text=self._index, headers=_NO_MODEL)
        status, body = await self._health(deep=request.query.get("deep") == "1")
        return as_json(body, status)


def as_json(body: Mapping[str, Any], status: int = 200) -> web.Response:
    """A JSON answer of the gateway itself."""
    text = json.dumps(body, indent=2) + "\n"
    return web.Response(
        text=text, status=status, content_type="application/json", headers=_NO_MODEL
    )


def guarded(answer: Handler) -> Handler:
    """`answer`, with a fault of the gateway itself logged and told as a problem document."""

    async def guard(request: web.BaseRequest) -> web.StreamResponse:
        if _head_bytes(request) > HEAD_LIMIT:
            return problems.head_too_large(HEAD_LIMIT)
        try:
            return await answer(request)
        except ConnectionError:
            raise  # the caller has gone
        except Exception:
            log.exception("The gateway broke on %s %s", request.method, request.raw_path)
            return problems.gateway_broke()

    return guard


def _head_bytes(request: web.BaseRequest) -> int:
    fields = sum(len(name) + len(value) + 4 for name, value in request.raw_headers)
    return len(request.raw_path) + fields


def _index(wiring: Wiring) -> str:
    rows = [("GET", "/health", "anyone", "the stack's health")]
    rows += [
        (route.method, route.path, function.access or "", function.name)
        for function, route in wiring.routed()
    ]
    return "".join(f"{method:7}{path:36}{who:11}{name}\n" for method, path, who, name in rows)
