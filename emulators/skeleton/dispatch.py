"""Owns calling an HTTP target as Cloud Tasks and Cloud Scheduler do: headers, token, deadline."""

import asyncio
import contextlib
import email.utils
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from emulators.skeleton.alarm import Alarm
from emulators.skeleton.clock import Clock
from emulators.skeleton.identity import Identity

# Below the five seconds after which uvicorn closes an idle connection: a request on a connection
# that the target is just closing would count as a failed attempt.
KEEP_ALIVE_S = 4.0
NEVER_SENT = ("host", "content-length", "transfer-encoding", "connection")
NEVER_SENT_PREFIXES = ("x-google-", "x-appengine-")


@dataclass(frozen=True, slots=True)
class HttpCall:
    """One request to a target. `deadline_s` runs on the stack's clock."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    deadline_s: float
    follow_redirects: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: the HTTP status, 504 after the deadline, 503 without any answer."""

    status: int
    answered: bool = True
    retry_after_s: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the target took it: any status from 200 to 299."""
        return 200 <= self.status <= 299


TIMED_OUT = Outcome(504, answered=False)
UNREACHABLE = Outcome(503, answered=False)


class Dispatcher:
    """Sends calls over connections that are kept open between them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            skip_auto_headers=("Content-Type",),
            auto_decompress=False,
        )

    async def send(self, call: HttpCall) -> Outcome:
        """Sends `call` and reads the whole answer, however it ends."""
        try:
            async with asyncio.timeout(None) as limit:
                late = Alarm(self._clock, lambda: limit.reschedule(0))
                late.set(self._clock.now() + call.deadline_s)
                try:
                    return await self._exchange(call)
                finally:
                    late.set(None)
        except TimeoutError:
            return TIMED_OUT
        except (
            aiohttp.ClientError,
            OSError,
            ValueError,
        ):  # ValueError: a URL that is none
            return UNREACHABLE

    async def close(self) -> None:
        """Closes all connections."""
        await self._session.close()

    async def _exchange(self, call: HttpCall) -> Outcome:
        async with self._session.request(
            call.method,
            call.url,
            headers=call.headers,
            data=call.body or None,
            allow_redirects=call.follow_redirects,
        ) as response:
            async for _ in response.content.iter_any():
                pass
            return Outcome(response.status, retry_after_s=self._retry_after(response))

    def _retry_after(self, response: aiohttp.ClientResponse) -> float | None:
        text = response.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return float(text)
        with contextlib.suppress(ValueError):
            at = email.utils.parsedate_to_datetime(text)
            return max(0.0, at.timestamp() - self._clock.now())
        return None


def merged_headers(own: Mapping[str, str], injected: Mapping[str, str]) -> dict[str, str]:
    """The caller's headers in their own casing, with the injected ones winning over them.

    Drops those that Google computes or keeps for itself (HttpRequest.headers in target.proto).
    """
    taken = {name.lower() for name in injected}.union(NEVER_SENT)
    kept = {
        name: value
        for name, value in own.items()
        if name.lower() not in taken and not name.lower().startswith(NEVER_SENT_PREFIXES)
    }
    return kept | dict(injected)


def authorization(target: Any, url: str, identity: Identity) -> dict[str, str]:
    """The Authorization header for a message with `oidc_token` or `oauth_token`, {} for neither.

    The audience of an OIDC token defaults to the URL.
    """
    match target.WhichOneof("authorization_header"):
        case "oidc_token":
            token = target.oidc_token
            signed = identity.sign_id_token(token.service_account_email, token.audience or url)
            return {"Authorization": f"Bearer {signed}"}
        case "oauth_token":
            # Opaque to everyone but Google, as real ones are.
            return {"Authorization": f"Bearer ya29.c.{secrets.token_urlsafe(96)}"}
    return {}
