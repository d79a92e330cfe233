"""Turns replies and refusals into HTTP responses; every one of them carries X-Model-Version."""

from collections.abc import Mapping

import orjson
from starlette.responses import Response, StreamingResponse

from shared.runtime.call import NO_MODEL, Reply
from shared.runtime.errors import MEDIA_TYPE, Refusal, problem

_JSON = "application/json"


def answer(reply: Reply) -> Response:
    """Return the response of a reply."""
    headers = {"X-Model-Version": reply.model_version, "Cache-Control": "no-store", **reply.headers}
    if reply.stream is not None:
        return StreamingResponse(reply.stream, reply.status, headers, media_type=_JSON)
    body = b"" if reply.body is None else orjson.dumps(reply.body)
    return Response(body, reply.status, headers, media_type=_JSON)


def refuse(refusal: Refusal) -> Response:
    """Return the problem document of a refusal."""
    return _problem(refusal.status, refusal.title, str(refusal), refusal.members())


def apologise(trace: str) -> Response:
    """Return the answer to a request that broke something on our side; it shows no detail of it."""
    detail = "Something broke on our side; send the request again, or tell us this trace_id."
    return _problem(500, "Internal error", detail, {"trace_id": trace})


def _problem(status: int, title: str, detail: str, members: Mapping[str, object]) -> Response:
    headers = {"X-Model-Version": NO_MODEL, "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers["Retry-After"] = "1"
    body = orjson.dumps(problem(status, title, detail, **members))
    return Response(body, status, headers, media_type=MEDIA_TYPE)
