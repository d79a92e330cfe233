"""The public HTTP API as an app uses it: signed in, patient with 503, intolerant of refusals."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from emulators.travellers.errors import AnswerUnreadable, CallRefused, NoAnswer
from emulators.travellers.session import Frontend
from emulators.travellers.trip import Trip, read_trip

TRIES = 8
_TRY_AGAIN = (502, 503, 504)
_LONGEST_WAIT_S = 10.0
_TAKEN_BEFORE = 409

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: how many were taken, and title and detail of each refusal."""

    accepted: int
    refused: tuple[tuple[str, str], ...]


class Api:
    """One app for all travellers; `now` is the stack's time in unix seconds."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        frontend: Frontend,
        now: Callable[[], float],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._http = http
        self._frontend = frontend
        self._now = now
        self._sleep = sleep
        self.calls: Counter[str] = Counter()
        self.again: Counter[str] = Counter()

    async def onboard(self, user: str, body: Mapping[str, Any]) -> None:
        """Tells tags."""
        await self._call(user, "PUT", "/api/v1/users/me/onboarding", body)

    async def plan(self, user: str, body: Mapping[str, Any], key: str) -> Trip:
        """Plans a trip once for each key."""
        path, headers = "/api/v1/trips", {"Idempotency-Key": key}
        return _trip(user, path, await self._call(user, "POST", path, body, headers))

    async def look(self, user: str, trip_id: str) -> Trip:
        """Reads a trip again."""
        path = f"/api/v1/trips/{trip_id}"
        return _trip(user, path, await self._call(user, "GET", path))

    async def post(self, user: str, body: Mapping[str, Any]) -> Receipt:
        """Sends a batch of signals."""
        path = "/api/v1/signals"
        said = await self._call(user, "POST", path, body)
        try:
            refused = tuple((str(one["title"]), str(one["detail"])) for one in said["refused"])
            return Receipt(len(said["accepted"]), refused)
        except (KeyError, TypeError) as error:
            raise AnswerUnreadable(user, path, said) from error

    async def leave(self, user: str) -> None:
        """Deletes the account."""
        await self._call(user, "DELETE", "/api/v1/users/me")

    async def _call(
        self,
        user: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send, with the same ids again where the answer is "try again".

        Raises CallRefused, NoAnswer, AnswerUnreadable.
        """
        call = f"{method} {path}"
        self.calls[_route(method, path)] += 1
        last = ""
        for tried in range(TRIES):
            if tried:
                self.again[_route(method, path)] += 1
            token = self._frontend.session_token(user, self._now())
            signed = {"Authorization": f"Bearer {token}", **(headers or {})}
            try:
                answer = await self._http.request(method, path, json=body, headers=signed)
            except httpx.TransportError as error:
                last = repr(error)
                await self._sleep(_wait_s(tried))
                continue
            if answer.is_success:
                return _object(user, call, answer)
            # Only after a try of our own: that one may still be at work on the key.
            in_progress = answer.status_code == _TAKEN_BEFORE and tried > 0
            if answer.status_code not in _TRY_AGAIN and not in_progress:
                raise CallRefused(user, call, answer)
            last = f"{answer.status_code} {answer.text[:500]}"
            await self._sleep(_wait_s(tried, answer.headers.get("Retry-After")))
        raise NoAnswer(user, call, TRIES, last)


def _object(user: str, call: str, answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json() if answer.content else {}
    except ValueError:
        said = None
    if isinstance(said, dict):
        return said
    raise AnswerUnreadable(user, call, answer.text)


def _trip(user: str, path: str, said: dict[str, Any]) -> Trip:
    try:
        return read_trip(said)
    except (KeyError, TypeError) as error:
        raise AnswerUnreadable(user, path, said) from error


def _wait_s(tried: int, retry_after: str | None = None) -> float:
    asked = float(retry_after) if retry_after and retry_after.isdecimal() else 0.0
    patience: float = 0.25 * 2**tried
    return min(max(asked, patience), _LONGEST_WAIT_S)


def _route(method: str, path: str) -> str:
    trip = "/api/v1/trips/"
    return f"{method} {trip}{{trip_id}}" if path.startswith(trip) else f"{method} {path}"
