"""What the measured requests meet: a seeded Seattle, three travellers, and full caches."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from workflows.bench.caller import Answer, Caller, Request, RequestFailed
from workflows.bench.tree import EMPTY
from workflows.commands.seed import ADMIN
from workflows.stack import Stack

CITY = "seattle"
TRIP_DAYS = 3
_LONGEST_CELLS = 5
_LEAD = timedelta(days=60)
_WARMING_S = 90.0
# One traveller for each archetype, so that all 45 cells are asked for.
_TAGS: dict[str, dict[str, list[str]]] = {
    "bench-eater": {"food": ["ramen", "oysters"], "drink": ["craft beer"]},
    "bench-reader": {"culture": ["bookshops", "museums", "galleries"]},
    "bench-walker": {"outdoors": ["hikes", "water views"]},
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A running stack with its city and travellers, and the client that asks it."""

    stack: Stack
    caller: Caller
    travellers: tuple[dict[str, str], ...]
    admin: dict[str, str]
    start_date: str

    async def plan(
        self, number: int, city: str = CITY, days: int = TRIP_DAYS, trace: str = ""
    ) -> Answer:
        """Plan a trip for one of the travellers; `trace` marks its lines in the logs."""
        headers = dict(self.travellers[number % len(self.travellers)])
        if trace:
            headers["traceparent"] = f"00-{trace}-{trace[:16]}-01"
        body = {"city": city, "start_date": self.start_date, "days": days}
        return await self.ask("POST", "/api/v1/trips", headers, body)

    async def plan_cached(self, number: int) -> float:
        """Return the seconds of a trip; raise RequestFailed where the cache did not serve it."""
        answer = await self.plan(number)
        served_by(answer, "cache")
        return answer.seconds

    async def ask_empty(self, number: int) -> float:
        """Return the seconds of a call to the empty function."""
        answer = await self.ask("POST", f"/api/v1/{EMPTY}", {}, {})
        return answer.seconds

    async def ask(self, method: str, path: str, headers: dict[str, str], body: Any) -> Answer:
        """Call the gateway."""
        return await self.caller.call(Request(method, self.stack.gateway_url + path, body, headers))


def served_by(answer: Answer, rung: str) -> None:
    """Raise RequestFailed where another rung served the trip than the one to be measured."""
    ranker = answer.json()["ranker"]
    if ranker["rung"] != rung:
        raise RequestFailed(f"A trip was served by {ranker}, where {rung} is measured.")


async def prepare(stack: Stack, caller: Caller) -> Scene:
    """Seed through the admin route, onboard the travellers, and let all cells be warmed."""
    tokens = [{"Authorization": f"Bearer {await stack.token(user)}"} for user in _TAGS]
    admin = {"Authorization": f"Bearer {await stack.token(ADMIN, admin=True)}"}
    start = datetime.fromtimestamp(stack.now(), UTC).date() + _LEAD
    scene = Scene(stack, caller, tuple(tokens), admin, start.isoformat())
    await scene.ask("POST", "/api/v1/admin/seed-city", admin, {"city": CITY})
    for token, tags in zip(tokens, _TAGS.values(), strict=True):
        await scene.ask("PUT", "/api/v1/users/me/onboarding", token, {"tags": tags})
    for number in range(len(tokens)):
        await scene.plan(number, days=_LONGEST_CELLS)
    # What runs on a schedule starts now and not under a measurement.
    await stack.functions.start("relay_outbox")
    await stack.emulator("tasks").until_idle(_WARMING_S)
    return scene
