"""Owns the Qdrant emulator's HTTP face: its routes, call log, faults and start."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from emulators.qdrant import collections_api, points_api
from emulators.qdrant.call import Call, Handler, answered, error_body, parsed, refused
from emulators.qdrant.catalogue import Catalogue
from emulators.qdrant.errors import QdrantError, unsupported
from emulators.skeleton import admin
from emulators.skeleton.calls import Calls
from emulators.skeleton.clock import Clock
from emulators.skeleton.faults import Faults
from emulators.skeleton.http_server import HttpServer, serve, with_faults
from emulators.skeleton.in_flight import InFlight

VERSION = "1.20.0"  # the server whose REST API this speaks: the minor of our qdrant-client
LARGEST_BODY = 32 * 1024 * 1024  # Qdrant's own default
LOGGED_BODY = 4096
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
CLOCK_ROUTE = "/_emulator/clock"  # belongs to the process that owns the clock


Endpoint = Callable[[Request], Awaitable[Response]]


async def start(data_dir: Path, clock: Clock, port: int = 0) -> HttpServer:
    """Serves the collections kept in `data_dir`; `stop()` flushes and gives the folder free.

    Raises DataFolderInUse where another process serves it.
    """
    catalogue = Catalogue(data_dir)
    faults, calls, in_flight = Faults(), Calls(clock), InFlight()

    async def reset() -> None:
        catalogue.clear()

    controls = admin.Controls(
        "qdrant",
        clock,
        faults,
        calls,
        state=lambda: _state(catalogue),
        reset=reset,
        until_idle=in_flight.until_idle,
    )
    admin_routes = [route for route in admin.routes(controls) if route.path != CLOCK_ROUTE]
    app = Starlette(routes=[*admin_routes, *_routes(catalogue, calls, in_flight)])
    server = await serve(with_faults(app, faults, _fault_body), port)

    async def stop() -> None:
        await server.stop()
        catalogue.close()

    return HttpServer(server.url, server.port, stop)


def _routes(catalogue: Catalogue, calls: Calls, in_flight: InFlight) -> list[BaseRoute]:
    def endpoint(name: str, handler: Handler) -> Endpoint:
        async def answer(request: Request) -> Response:
            with in_flight.busy():
                raw = await request.body()
                call = Call(catalogue, request.path_params, dict(request.query_params), raw)
                calls.record(name, lambda: _detail(call))
                return _answer(_too_large if len(raw) > LARGEST_BODY else handler, call)

        return answer

    async def elsewhere(request: Request) -> Response:
        route = f"{request.method} {request.url.path}"
        return await endpoint(route, _not_here(route))(request)

    api: list[BaseRoute] = [
        Route(path, endpoint(f"{method} {path}", handler), methods=[method])
        for method, path, handler in [*collections_api.ROUTES, *points_api.ROUTES]
    ]
    return [*_service_routes(), *api, Route("/{rest:path}", elsewhere, methods=METHODS)]


def _too_large(call: Call) -> None:
    raise QdrantError(413, "Payload reached size limit.")


def _not_here(route: str) -> Handler:
    def refuse(call: Call) -> None:
        raise unsupported(route)

    return refuse


def _answer(handler: Handler, call: Call) -> Response:
    started = time.perf_counter()
    try:
        content, status = answered(handler(call), started), 200
    except QdrantError as error:
        content, status = refused(error, started), error.status
    return Response(content, status, media_type="application/json")


def _service_routes() -> list[BaseRoute]:
    async def root(request: Request) -> Response:
        body = {"title": "qdrant - vector search engine", "version": VERSION}
        return Response(orjson.dumps(body), media_type="application/json")

    async def healthy(request: Request) -> Response:
        return PlainTextResponse("healthz check passed")

    probes = [Route(path, healthy) for path in ("/healthz", "/livez", "/readyz")]
    return [Route("/", root), *probes]


def _detail(call: Call) -> dict[str, Any]:
    detail: dict[str, Any] = dict(call.path) | call.query
    if len(call.raw) > LOGGED_BODY:
        return detail | {"body_bytes": len(call.raw)}
    try:
        return detail | ({"body": parsed(call.raw)} if call.raw else {})
    except QdrantError as error:
        return detail | {"body": error.text}


def _state(catalogue: Catalogue) -> dict[str, Any]:
    collections = {name: catalogue.collection(name).points_count() for name in catalogue.names}
    return {
        "collections": collections,
        "points": sum(collections.values()),
        "aliases": catalogue.aliases,
    }


def _fault_body(status: int, message: str) -> dict[str, Any]:
    return error_body(message)
