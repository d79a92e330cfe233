"""Owns what every answer of the API carries and every request must: headers, keys, error bodies."""

import datetime
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from emulators.anthropic import errors
from emulators.anthropic.errors import ApiError, InvalidRequest
from emulators.skeleton.clock import Clock

ORGANIZATION_ID = "00000000-0000-4000-8000-000000000001"
# A generous tier, never enforced: the limits reached in tests are injected faults.
_LIMITS = {"requests": 4_000, "input-tokens": 2_000_000, "output-tokens": 400_000}
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")

Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(endpoint: Endpoint, clock: Clock) -> Endpoint:
    """`endpoint` behind the API's checks of a caller, its answers with the API's headers."""

    async def answer(request: Request) -> Response:
        request_id = new_request_id()
        try:
            _check_caller(request)
            response = await endpoint(request)
        except ApiError as error:
            response = json(errors.body(error, request_id), error.status)
            response.headers.update(error.headers)
        response.headers.update(_headers(request_id, clock))
        return response

    return answer


def json(body: dict[str, Any], status: int = 200) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, media_type="application/json")


def injected_error(status: int, message: str) -> dict[str, Any]:
    """The body of an error that the skeleton's faults inject."""
    return errors.body(ApiError(status, message), new_request_id())


def new_request_id() -> str:
    """An id for one answer, unlike every other."""
    return f"req_01{uuid.uuid4().hex[:22]}"


def _check_caller(request: Request) -> None:
    # Client 2.12 sends its API key as a bearer token, older ones as x-api-key.
    bearer = request.headers.get("authorization", "").removeprefix("Bearer")
    if not (request.headers.get("x-api-key", "").strip() or bearer.strip()):
        raise ApiError(401, "x-api-key header is required")
    version = request.headers.get("anthropic-version", "")
    if not version:
        raise InvalidRequest("anthropic-version: header is required")
    if not _VERSION.fullmatch(version):
        raise InvalidRequest(f"anthropic-version: {version!r} is not a valid version")


def _headers(request_id: str, clock: Clock) -> dict[str, str]:
    now = datetime.datetime.fromtimestamp(clock.now(), datetime.UTC)
    headers = {"request-id": request_id, "anthropic-organization-id": ORGANIZATION_ID}
    for name, limit in _LIMITS.items():
        kind = f"anthropic-ratelimit-{name}"
        headers[f"{kind}-limit"] = headers[f"{kind}-remaining"] = str(limit)
        headers[f"{kind}-reset"] = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    return headers
