"""A traveller at the gateway, with a session token and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.scenarios.routes import ONBOARDING, SIGNALS, TRIPS

Trip = dict[str, Any]

BUDGET_S = 8.0
"""A trip comes within this time, whatever fails."""


@dataclass(frozen=True)
class Traveller:
    """Speaks HTTP only; `start` is a Monday some weeks ahead."""

    id: str
    token: str
    gateway: httpx.AsyncClient
    start: date

    @classmethod
    def of(cls, user_id: str, token: str, gateway: httpx.AsyncClient, now: float) -> "Traveller":
        today = datetime.fromtimestamp(now, UTC).date()
        return cls(user_id, token, gateway, today + timedelta(days=28 - today.weekday()))

    def asked(self, **changes: Any) -> dict[str, Any]:
        """The body of a request for a trip."""
        return {"city": "seattle", "start_date": str(self.start), "days": 3} | changes

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **content: Any
    ) -> httpx.Response:
        """One call with the traveller's token."""
        signed = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return await self.gateway.request(method, path, headers=signed, **content)

    async def plan(self, *, key: str | None = None, **changes: Any) -> httpx.Response:
        """The answer to a request for a trip."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.send("POST", TRIPS, headers, json=self.asked(**changes))

    async def trip(self, **changes: Any) -> Trip:
        """A trip, planned."""
        answer = await self.plan(**changes)
        assert answer.status_code == 201, answer.text
        trip: Trip = answer.json()
        return trip

    async def onboard(self, *, pace: str | None = None, **tags: list[str]) -> dict[str, Any]:
        """The persona made of the tags."""
        body = {"tags": tags} | ({"pace": pace} if pace else {})
        answer = await self.send("PUT", ONBOARDING, json=body)
        assert answer.status_code == 200, answer.text
        persona: dict[str, Any] = answer.json()
        return persona

    def says(self, trip: Trip, slot: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        """The body of a signal about a slot of the trip."""
        return {
            "signal_id": str(uuid4()),
            "signal_type": "slot_accept",
            "activity_node_id": slot["activity_node"]["id"],
            "trip_id": trip["id"],
            "context": {"time_to_action_ms": 900},
        } | changes

    async def signal(self, body: Mapping[str, Any]) -> httpx.Response:
        """The answer to a signal."""
        return await self.send("POST", SIGNALS, json=body)


def slots_of(trip: Trip) -> list[dict[str, Any]]:
    """All slots in the order they are shown."""
    return [slot for day in trip["days"] for slot in day["slots"]]
