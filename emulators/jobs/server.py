"""Owns starting the Cloud Run emulator, and its HTTP face: dispatch, tokens and errors."""

import asyncio
from pathlib import Path

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from emulators.jobs.call import LARGEST_BODY, Call, too_large
from emulators.jobs.engine import Engine
from emulators.jobs.errors import RunError, invalid, unauthenticated, unsupported
from emulators.jobs.log_folder import LogFolder
from emulators.jobs.process import setpriv
from emulators.jobs.routes import SYSTEM_PARAMETERS, Method, find, handlers
from emulators.jobs.run import Gear
from emulators.jobs.tables import Tables
from emulators.jobs.wire import Json
from emulators.skeleton import admin
from emulators.skeleton.calls import Calls
from emulators.skeleton.faults import Faults
from emulators.skeleton.house import House, Running
from emulators.skeleton.http_server import serve, with_faults
from emulators.skeleton.in_flight import InFlight

NAME = "jobs"
DEFAULT_AT_ONCE = 2
DEFAULT_GRACE_S = 10  # the service's own
DEFAULT_RETRY_S = 1
_VERBS = ["GET", "POST", "PATCH", "DELETE", "PUT"]


async def start(house: House) -> Running:
    """Starts the emulator on house.ports["jobs"]; unfinished executions go on.

    Options: jobs.at_once (processes at a time), jobs.grace_s (seconds from SIGTERM to SIGKILL),
    jobs.retry_s (seconds before the first retry), jobs.logs (folder of the jobs' output).
    """
    setpriv()
    at_once = int(house.options.get("jobs.at_once", DEFAULT_AT_ONCE))
    gear = Gear(
        clock=house.clock,
        tables=Tables(house.data_dir / "jobs.sqlite3"),
        logs=LogFolder(_log_folder(house)),
        in_flight=InFlight(),
        slots=asyncio.Semaphore(at_once),
        at_once=at_once,
        grace_s=float(house.options.get("jobs.grace_s", DEFAULT_GRACE_S)),
        retry_s=float(house.options.get("jobs.retry_s", DEFAULT_RETRY_S)),
    )
    engine = Engine(gear)
    faults, calls = Faults(), Calls(house.clock)
    controls = admin.Controls(
        NAME,
        house.clock,
        faults,
        calls,
        state=engine.facts,
        reset=engine.reset,
        until_idle=engine.until_idle,
    )
    api = Api(engine, calls)
    routes = [*admin.routes(controls), Route("/{path:path}", api.serve, methods=_VERBS)]
    server = await serve(with_faults(Starlette(routes=routes), faults), house.ports.get(NAME, 0))

    async def stop() -> None:
        await asyncio.gather(server.stop(), engine.stop())

    return Running(NAME, {"http": server.url}, stop)


class Api:
    """Serves the REST API from one engine and logs its calls."""

    def __init__(self, engine: Engine, calls: Calls) -> None:
        self._handlers = handlers(engine)
        self._calls = calls

    async def serve(self, request: Request) -> Response:
        """Answers one HTTP request."""
        try:
            return _answer(await self._call(request))
        except RunError as error:
            return _answer(error.body(), error.code)
        except ClientDisconnect:
            return Response(status_code=499)

    async def _call(self, request: Request) -> Json:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise unauthenticated()
        found = find(request.method, request.url.path)
        if found is None:
            raise unsupported(f"{request.method} {request.url.path}")
        method, name = found
        self._calls.record(method.name, {"name": name})
        body = await _body(request)
        query = _query(request, method)
        numbers = "enum-encoding=int" in request.query_params.get("$alt", "")
        return await self._handlers[method.name](Call(name, query, body, numbers))


def _log_folder(house: House) -> Path:
    """Where output goes: as said, or where the stack keeps its logs, or in the data folder."""
    if said := house.options.get("jobs.logs"):
        return Path(said)
    beside = house.data_dir.parent / "logs"
    return beside if beside.is_dir() else house.data_dir / "logs"


def _query(request: Request, method: Method) -> dict[str, str]:
    query = {}
    for name, value in request.query_params.items():
        if name in method.query:
            query[name] = value
        elif name not in SYSTEM_PARAMETERS:
            raise invalid(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                f"parameter. Field '{name}' could not be found in request message.",
                name,
            )
    return query


async def _body(request: Request) -> bytes:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LARGEST_BODY:
            raise too_large()
    return bytes(read)


def _answer(body: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json; charset=UTF-8")
