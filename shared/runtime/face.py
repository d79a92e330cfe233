"""The HTTP face of a function: authorises, reads, answers; every error is a problem document."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from typing import Any, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from shared.runtime import log
from shared.runtime.budget import within
from shared.runtime.call import Call, Reply
from shared.runtime.clock import now
from shared.runtime.errors import AdminOnly, BodyTooLarge, Refusal
from shared.runtime.garbage import spare_modules
from shared.runtime.opening import EngineUnreachable, Joined, Opening, will_pass
from shared.runtime.replies import answer, apologise, refuse
from shared.runtime.session_tokens import decode, find_token
from shared.runtime.settings import read_settings

BODY_LIMIT = 64 * 1024

Endpoint = Callable[[Request], Awaitable[Response]]


class Person(Protocol):
    """Someone whose session token was accepted."""

    @property
    def is_admin(self) -> bool:
        """Whether the person may call the admin routes."""


P_co = TypeVar("P_co", bound=Person, covariant=True)


class People(Protocol[P_co]):
    """Where a person is looked up, and created at the first visit."""

    async def enter(self, user_id: str, at: datetime) -> P_co:
        """Return the person with this id."""


class FaceDrivers(Protocol[P_co]):
    """What every public function joins, beside what it needs itself."""

    @property
    def people(self) -> People[P_co]:
        """Where the caller is looked up."""


P = TypeVar("P", bound=Person)
D = TypeVar("D", bound=FaceDrivers[Any])
Handler = Callable[[Call, P, D], Awaitable[Reply]]


def public_face(
    join: Callable[[Opening], Awaitable[D]],
    *,
    budget_seconds: float = 10.0,
    limit_seconds: float | None = None,
    admin: bool = False,
) -> Callable[[Handler[P, D]], Endpoint]:
    """Return a decorator that serves `handler(call, person, drivers)` over HTTP.

    `join` opens the drivers at the first request. `budget_seconds` sets the call's deadline, which
    the handler steers by. After `limit_seconds` (else the budget) the caller is told to try again,
    whatever the handler waits for; the manifest's timeout is later. The handler may raise any
    Refusal; an unexpected error becomes a 500 that shows nothing of it.
    """

    def decorate(handler: Handler[P, D]) -> Endpoint:
        joined = Joined(join)

        async def serve(request: Request) -> Response:
            began = asyncio.get_running_loop().time()
            limit = budget_seconds if limit_seconds is None else limit_seconds
            return await within(began + limit, carry_out(request, began + budget_seconds))

        async def carry_out(request: Request, deadline: float) -> Response:
            drivers = await joined.drivers()
            person = await _authorise(request, drivers, admin=admin)
            body = await read_body(request)
            call = Call(request.url.path, request.headers, body, now(), deadline)
            return answer(await handler(call, person, drivers))

        return guarded(handler, joined, serve)

    return decorate


def guarded(handler: Callable[..., Any], joined: Joined[Any], serve: Endpoint) -> Endpoint:
    """Return the endpoint that answers /health itself and lets no error of `serve` escape."""
    spare_modules()  # main.py decorates its handler last, when all that it imports is there

    @wraps(handler)
    async def endpoint(request: Request) -> Response:
        log.trace_id.set(_trace_of(request))
        try:
            if request.url.path.rstrip("/") == "/health":
                return await _health(joined)
            return await serve(request)
        except Refusal as refusal:
            log.event("request.refused", status=refusal.status, reason=type(refusal).__name__)
            return refuse(refusal)
        except Exception as error:  # noqa: BLE001 - the last line of defence: nothing of it is shown
            log.failure("request.failed", error)
            if will_pass(error):
                return refuse(EngineUnreachable())
            return apologise(log.trace_id.get())

    return endpoint


async def read_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """Return the request's body; raise BodyTooLarge as soon as it passes `limit` bytes."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise BodyTooLarge(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge(limit)
    return bytes(body)


async def _authorise(request: Request, drivers: FaceDrivers[P], *, admin: bool) -> P:
    token = find_token(request.headers)
    at = now()
    claims = decode(token, read_settings()["NEXTAUTH_SECRET"], at.timestamp())
    person = await drivers.people.enter(claims.sub, at)
    if admin and not person.is_admin:
        raise AdminOnly
    return person


async def _health(joined: Joined[Any]) -> Response:
    found = await joined.examine()
    well = all(state == "ok" for state in found.values())
    status = "ok" if well else "unhealthy"
    service = os.environ.get("K_SERVICE", "")
    return answer(
        Reply(200 if well else 503, {"service": service, "status": status, "checks": found})
    )


def _trace_of(request: Request) -> str:
    parts = request.headers.get("traceparent", "").split("-")
    return parts[1] if len(parts) == 4 and len(parts[1]) == 32 else os.urandom(16).hex()
