"""Calls to each function as its trigger makes them, timed, and what an honest answer is."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

import httpx
import orjson

from tests.faults.town import Planned, Town
from tests.scenarios.problems import refused

BUDGETS_S = {"write_signal": 10.0, "store_signal": 30.0, "read_trip": 5.0, "generate_trip": 10.0}
"""What a route or subscription gives its function."""
SPARE_S = 1.0


@dataclass
class Answered:
    """An answer and the seconds it took."""

    function: str
    answer: httpx.Response
    took_s: float

    def is_honest(self) -> None:
        """It came in time and is a success, or a problem document that asks for another try."""
        assert self.took_s < BUDGETS_S[self.function] + SPARE_S, (self.function, self.took_s)
        if not self.answer.is_success:
            refused(self.answer, 503)
            assert self.answer.headers["Retry-After"]

    def succeeded(self) -> None:
        """It is what was asked for."""
        assert self.answer.is_success, f"{self.function}: {self.answer.text[:500]}"
        self.is_honest()


@dataclass
class Caller:
    """Calls functions about one trip."""

    town: Town
    planned: Planned
    store_url: str
    store_token: str

    @classmethod
    async def of(cls, town: Town) -> "Caller":
        """A caller with a trip, after which each function runs."""
        planned = await town.trip()
        url = f"{town.stack.addresses.ingress}/store-signal"
        caller = cls(town, planned, url, await town.stack.id_token(url))
        for function in BUDGETS_S:
            (await caller.call(function)).succeeded()
        return caller

    async def call(self, function: str) -> Answered:
        """One call."""
        calls: dict[str, Callable[[], Awaitable[httpx.Response]]] = {
            "write_signal": self._write_signal,
            "store_signal": self._store_signal,
            "read_trip": self._read_trip,
            "generate_trip": self._generate_trip,
        }
        began = monotonic()
        answer = await calls[function]()
        return Answered(function, answer, monotonic() - began)

    async def _write_signal(self) -> httpx.Response:
        body = self.town.choice(self.planned)
        answer = await self.planned.traveller.signal(body)
        if answer.status_code == 202:
            self.town.took(body["signal_id"])
        return answer

    async def _store_signal(self) -> httpx.Response:
        body = self.town.choice(self.planned)
        message = {
            **body,
            "user_id": self.planned.traveller.id,
            "origin": "app",
            "slot_id": self.town.told[body["signal_id"]].slot_id,
            "ranking_id": None,
            "model_version": None,
            "occurred_at": "2026-11-23T00:00:00+00:00",
            "created_at": "2026-11-23T00:00:00+00:00",
        }
        data = base64.b64encode(orjson.dumps({"signals": [message]})).decode()
        envelope = {
            "message": {"data": data, "messageId": uuid4().hex, "attributes": {}},
            "subscription": "projects/overplanned-local/subscriptions/store-signal",
        }
        headers = {"Authorization": f"Bearer {self.store_token}"}
        answer = await self.town.gateway.post(self.store_url, json=envelope, headers=headers)
        if answer.status_code == 204:
            self.town.took(body["signal_id"])
        return answer

    async def _read_trip(self) -> httpx.Response:
        path = f"/api/v1/trips/{self.planned.trip['id']}"
        return await self.planned.traveller.send("GET", path)

    async def _generate_trip(self) -> httpx.Response:
        return await (await self.town.traveller()).plan()
