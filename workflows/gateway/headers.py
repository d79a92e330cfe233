"""What the gateway takes from, and puts on, the headers of a request and its response."""

import re
import secrets
from collections.abc import Mapping

from multidict import CIMultiDict

# RFC 9110 7.6.1: they concern one connection and end at each hop.
HOP_BY_HOP = (
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Expect",
)
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def passed_on(headers: Mapping[str, str], client: str | None) -> CIMultiDict[str]:
    """Request headers for the function: hop headers gone, trace, request id and origin added."""
    onward = end_to_end(headers)
    if not _TRACEPARENT.fullmatch(onward.get("traceparent", "")):
        onward["traceparent"] = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
        onward.pop("tracestate", None)
    if not _REQUEST_ID.fullmatch(onward.get("X-Request-Id", "")):
        onward["X-Request-Id"] = secrets.token_hex(8)
    before = onward.get("X-Forwarded-For")
    onward["X-Forwarded-For"] = f"{before}, {client}" if before else str(client)
    onward.setdefault("X-Forwarded-Proto", "http")
    return onward


def end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """A copy without the headers that end at this hop."""
    onward = CIMultiDict(headers)
    named = headers.get("Connection", "")
    for name in (*HOP_BY_HOP, *(part.strip() for part in named.split(",") if part.strip())):
        onward.popall(name, None)
    return onward
