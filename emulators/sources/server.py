"""Owns the routes that serve the sample cities' files, and starts them."""

from http.client import responses
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.skeleton import admin
from emulators.skeleton.calls import Calls
from emulators.skeleton.faults import Faults
from emulators.skeleton.house import House, Running
from emulators.skeleton.http_server import serve, with_faults
from emulators.skeleton.in_flight import InFlight
from emulators.sources import samples
from emulators.sources.samples import SampleMissing

NAME = "sources"
DATA_OPTION = "sources.data"


async def start(house: House) -> Running:
    """Serves the cities of the folder in option `sources.data`, else the bundled ones."""
    folder = Path(house.options.get(DATA_OPTION) or samples.BUNDLED)
    calls, faults, in_flight = Calls(house.clock), Faults(), InFlight()

    async def sample(request: Request) -> Response:
        city, name = request.path_params["city"], request.path_params["name"]
        calls.record(_call_name(name), {"city": city, "file": name})
        with in_flight.busy():
            return _answer(folder, city, name, request.headers.get("if-none-match", ""))

    async def nothing() -> None:
        """Files are read anew each time: there is no state to reset."""

    def state() -> dict[str, Any]:
        return {"cities": samples.cities(folder)}

    controls = admin.Controls(
        NAME, house.clock, faults, calls, state, nothing, in_flight.until_idle
    )
    routes = [*admin.routes(controls), Route("/samples/{city}/{name}", sample)]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _http_problem})
    server = await serve(with_faults(app, faults, _problem), house.ports.get(NAME, 0))
    return Running(NAME, {"http": server.url}, server.stop)


def _call_name(file: str) -> str:
    # What is not served shares one name, so that a caller cannot make the counters grow.
    return f"GET /samples/{{city}}/{file if file in samples.CONTENT_TYPES else '{file}'}"


def _answer(folder: Path, city: str, name: str, known: str) -> Response:
    try:
        found = samples.read(folder, city, name)
    except SampleMissing as error:
        return _problem_response(404, str(error))
    headers = {"etag": found.etag, "cache-control": "no-cache"}
    if known == "*" or found.etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type=found.content_type)


def _problem(status: int, detail: str) -> dict[str, Any]:
    """The body of a problem (RFC 9457)."""
    title = responses.get(status, "Error")
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}


def _problem_response(status: int, detail: str) -> Response:
    body = _problem(status, detail)
    return JSONResponse(body, status, media_type="application/problem+json")


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = (
        f"{request.method} {request.url.path} is not served; ask GET /samples/{{city}}/{{file}}."
    )
    return _problem_response(error.status_code, detail)
