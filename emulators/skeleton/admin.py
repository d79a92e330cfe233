"""Owns the /_emulator routes that every emulator answers beside its own interface."""

import asyncio
import datetime
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.skeleton.calls import Calls
from emulators.skeleton.clock import Clock
from emulators.skeleton.faults import Faults, FaultsRejected

IDLE_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Controls:
    """What the admin routes of one emulator act on.

    `state` returns JSON-able facts beyond the calls; `reset` empties the emulator's own state;
    `until_idle` returns once nothing is in flight.
    """

    name: str
    clock: Clock
    faults: Faults
    calls: Calls
    state: Callable[[], Mapping[str, Any]]
    reset: Callable[[], Awaitable[None]]
    until_idle: Callable[[], Awaitable[None]]


class _Rejected(Exception):
    """The body of an admin request cannot be used; the text says why."""


def routes(controls: Controls) -> list[Route]:
    """The Starlette routes to mount for `controls`."""

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "emulator": controls.name})

    async def state(request: Request) -> Response:
        facts = {"emulator": controls.name, "now": controls.clock.now()}
        faults = {"faults": controls.faults.state()}
        return JSONResponse(facts | faults | controls.calls.state() | dict(controls.state()))

    async def reset(request: Request) -> Response:
        await controls.reset()
        controls.faults.clear()
        controls.calls.clear()
        return Response(status_code=204)

    async def faults(request: Request) -> Response:
        controls.faults.set({} if request.method == "DELETE" else await _json(request))
        return JSONResponse(controls.faults.state())

    async def clock(request: Request) -> Response:
        _move(controls.clock, await _json(request))
        return JSONResponse({"now": controls.clock.now(), "offset_s": controls.clock.offset})

    async def idle(request: Request) -> Response:
        timeout = _seconds(request.query_params.get("timeout_s", IDLE_TIMEOUT_S))
        try:
            await asyncio.wait_for(controls.until_idle(), timeout)
        except TimeoutError:
            return JSONResponse({"idle": False}, status_code=504)
        return JSONResponse({"idle": True})

    return [
        Route("/_emulator/health", health),
        Route("/_emulator/state", state),
        Route("/_emulator/reset", reset, methods=["POST"]),
        Route("/_emulator/faults", _guarded(faults), methods=["POST", "DELETE"]),
        Route("/_emulator/clock", _guarded(clock), methods=["POST"]),
        Route("/_emulator/idle", _guarded(idle)),
    ]


_Endpoint = Callable[[Request], Awaitable[Response]]


def _guarded(endpoint: _Endpoint) -> _Endpoint:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (_Rejected, FaultsRejected) as error:
            body = {"code": 400, "message": str(error), "status": "INVALID_ARGUMENT"}
            return JSONResponse({"error": body}, status_code=400)

    return answer


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise _Rejected(f"The body is no JSON: {error}.") from error
    if not isinstance(body, dict):
        raise _Rejected("The body must be a JSON object.")
    return body


def _move(clock: Clock, body: dict[str, Any]) -> None:
    match body:
        case {"advance_s": int() | float() as seconds} if len(body) == 1:
            clock.advance(seconds)
        case {"set": str() as text} if len(body) == 1:
            clock.set(_instant(text).timestamp())
        case _:
            raise _Rejected('Say {"advance_s": seconds} or {"set": "2027-01-31T09:00:00Z"}.')


def _instant(text: str) -> datetime.datetime:
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise _Rejected(f"{text!r} is no ISO 8601 time.") from error
    if at.tzinfo is None:
        raise _Rejected(f"{text!r} names no time zone: end it with Z or an offset.")
    return at


def _seconds(text: str | float) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise _Rejected(f"timeout_s cannot be {text!r}.") from error
