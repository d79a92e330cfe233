"""The gateway's own errors, as problem documents like those of the functions."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from shared.runtime.errors import MEDIA_TYPE, problem


def refusal(
    status: int,
    title: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> web.Response:
    """A problem document (RFC 9457); X-Model-Version is `none`: no model took part."""
    body = json.dumps(problem(status, title, detail, **members)).encode()
    return web.Response(
        body=body,
        status=status,
        content_type=MEDIA_TYPE,
        headers={"X-Model-Version": "none", "Cache-Control": "no-store", **(headers or {})},
    )


def head_too_large(limit: int) -> web.Response:
    """431: path and headers together are over the limit."""
    detail = f"The path and headers are over {limit // 1024} KB; send fewer or smaller cookies."
    return refusal(431, "Headers too large", detail)


def no_such_path(path: str) -> web.Response:
    """404: no function answers the path."""
    return refusal(404, "No such path", f"Nothing answers {path}; GET / lists what does.")


def wrong_method(method: str, path: str, allowed: list[str]) -> web.Response:
    """405 with Allow."""
    allow = ", ".join(allowed)
    detail = f"{path} does not take {method}; use {allow}."
    return refusal(405, "Method not allowed", detail, {"Allow": allow})


def function_down(name: str, detail: str, line: str, retry_after: float) -> web.Response:
    """503: the function's process cannot be started now."""
    wait = {"Retry-After": str(max(1, round(retry_after)))}
    return refusal(503, "Function down", detail, wait, function=name, log_line=line)


def function_broke_off(name: str) -> web.Response:
    """502: the function's process ended or closed the connection before it answered."""
    detail = f"The function {name} broke off before it answered; its log says why."
    return refusal(502, "Function broke off", detail, function=name)


def function_too_slow(name: str, seconds: float) -> web.Response:
    """504: the function did not answer within the time-out that the manifest gives it."""
    detail = f"The function {name} did not answer within its {seconds:g} s; try again."
    return refusal(504, "Function too slow", detail, function=name)


def gateway_broke() -> web.Response:
    """500: the gateway itself has a fault."""
    return refusal(500, "Gateway fault", "The gateway itself broke; its log says why.")
