"""The API and the emulators' routes as travellers meet them, in memory, with a log of all calls."""

import asyncio
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import httpx

from emulators.travellers.client import Api
from emulators.travellers.session import Frontend

GATEWAY = "http://gateway"
SECRET = "a secret for tests that is long enough"
BEGINS = datetime(2027, 3, 1, 17, 20, tzinfo=UTC)
KINDS = ("bar", "park", "museum", "coffee_shop", "restaurant")
VIBES = ("late-night", "quiet", "fresh-air", "budget", "view", "lively", "bookish", "spicy")
TRIP = re.compile(r"/api/v1/trips/(.+)")


@dataclass
class App:
    """Plans the same trip for the same traveller, under other ids each time."""

    slow: Random | None = None
    refused: str | None = None
    calls: dict[str, list[tuple[str, str, Any]]] = field(default_factory=lambda: defaultdict(list))
    moved: list[datetime] = field(default_factory=list)
    now: datetime = BEGINS
    named: dict[str, str] = field(default_factory=dict)
    trips: dict[str, dict[str, Any]] = field(default_factory=dict)

    def client(self) -> httpx.AsyncClient:
        """A client of the gateway."""
        transport = httpx.MockTransport(self.answer)
        return httpx.AsyncClient(transport=transport, base_url=GATEWAY)

    def api(self, http: httpx.AsyncClient) -> Api:
        """The app as a traveller uses it."""
        return Api(http, _Names(SECRET), self.now.timestamp)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """What the stack would say."""
        if self.slow:
            await asyncio.sleep(self.slow.random() / 500)
        user = request.headers["Authorization"].removeprefix("Bearer ")
        body: Any = json.loads(request.content) if request.content else None
        path = request.url.path
        self.calls[user].append((request.method, self._without_ids(path), self._without_ids(body)))
        if path == self.refused:
            return httpx.Response(422, text="no signal of ours is good enough")
        match request.method, path:
            case "POST", "/api/v1/trips":
                return httpx.Response(201, json=self._plan(user, body))
            case "GET", _ if found := TRIP.fullmatch(path):
                return httpx.Response(200, json=self.trips[found[1]])
            case "POST", "/api/v1/signals":
                ids = [signal["signal_id"] for signal in body["signals"]]
                return httpx.Response(202, json={"accepted": ids, "refused": []})
            case "PUT", "/api/v1/users/me/onboarding":
                return httpx.Response(200, json={})
            case "DELETE", "/api/v1/users/me":
                return httpx.Response(200, json={"receipt": "gone"})
        return httpx.Response(404, text=f"no {request.method} {path}")

    def _plan(self, user: str, body: dict[str, Any]) -> dict[str, Any]:
        number = sum(call[1] == "/api/v1/trips" for call in self.calls[user])
        trip = a_trip(f"{user}/{number}", days=body["days"])
        self.trips[trip["id"]] = trip
        self.named[trip["id"]] = f"trip {number} of {user}"
        for day in trip["days"]:
            for slot in day["slots"]:
                self.named[slot["id"]] = f"slot {day['day_number']}.{slot['slot_order']}"
                self.named[slot["activity_node"]["id"]] = slot["activity_node"]["name"]
        return trip

    def _without_ids(self, value: Any) -> Any:
        match value:
            case dict():
                return {
                    name: "an id" if name == "signal_id" else self._without_ids(held)
                    for name, held in value.items()
                }
            case list():
                return [self._without_ids(item) for item in value]
            case str():
                for id, name in self.named.items() if len(value) > 35 else ():
                    value = value.replace(id, name)
        return value


class _Names(Frontend):
    def session_token(self, user: str, now: float) -> str:
        return user


class Days:
    """The stack's clock."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def read(self) -> datetime:
        return self._app.now

    async def advance_to(self, at: datetime) -> None:
        self._app.moved.append(at)
        self._app.now = max(self._app.now, at)

    async def until_quiet(self) -> None:
        pass


def a_trip(seed: str, *, days: int = 3, per_day: int = 5) -> dict[str, Any]:
    """An answer of `POST /api/v1/trips`: the same places for the same seed, under other ids."""
    dice = Random(seed)
    return {
        "id": str(uuid4()),
        "ranker": {"rung": "cache", "reason": "a test"},
        "days": [
            {
                "day_number": day,
                "slots": [
                    a_slot(order, f"place {dice.randrange(300)}") for order in range(1, per_day + 1)
                ],
            }
            for day in range(1, days + 1)
        ],
    }


def a_slot(order: int, name: str) -> dict[str, Any]:
    """A slot with a place that is the same for the same name."""
    dice = Random(name)
    return {
        "id": str(uuid4()),
        "slot_order": order,
        "day_part": "morning",
        "confidence": 0.5,
        "activity_node": {
            "id": str(uuid4()),
            "name": name,
            "category": dice.choice(KINDS),
            "vibe_tags": sorted(dice.sample(VIBES, 3)),
            "lat": 47.6,
            "lon": -122.3,
            "cross_ref_confidence": 0.8,
        },
    }
