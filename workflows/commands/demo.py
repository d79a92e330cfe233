"""`demo`: the main job: a real three-day trip in Seattle, planned twice, and what was logged."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson

from workflows.commands import itinerary
from workflows.commands.seed import ADMIN
from workflows.errors import StackError
from workflows.stack import Stack

TRAVELLER = "demo-traveller"
TAGS = {
    "food": ["ramen", "pastry", "oysters"],
    "drink": ["careful espresso", "craft beer"],
    "culture": ["bookshops", "live music"],
    "outdoors": ["water views"],
}
_TRIP_DAYS = 3
_LEAD = timedelta(days=21)


class DemoFailed(StackError):
    """A step of the demo was not answered as it should be."""


class Stopwatch:
    """How long each step took, in seconds."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, float]] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Print the step as it begins, and keep its time."""
        print(f"==> {name}", flush=True)
        began = time.perf_counter()
        yield
        self.steps.append((name, time.perf_counter() - began))


def main(arguments: argparse.Namespace) -> int:
    """Run everything in a folder of its own, so that a demo never meets another's data."""
    with tempfile.TemporaryDirectory(prefix="overplanned-demo-") as folder:
        asyncio.run(_run(Path(folder)))
    return 0


async def _run(folder: Path) -> None:
    watch = Stopwatch()
    stack = Stack(folder / "data")
    with watch.step("starting Postgres, Valkey, Qdrant, the emulators and the gateway"):
        await stack.__aenter__()
    try:
        async with stack.client(timeout=120) as client:
            await _show(stack, client, watch)
    finally:
        with watch.step("stopping everything"):
            await stack.__aexit__(None, None, None)
    print()
    for name, seconds in watch.steps:
        print(f"  {seconds:6.2f} s  {name}")
    print(f"  {sum(seconds for _, seconds in watch.steps):6.2f} s  altogether")


async def _show(stack: Stack, client: httpx.AsyncClient, watch: Stopwatch) -> None:
    admin = {"Authorization": f"Bearer {await stack.token(ADMIN, admin=True)}"}
    traveller = {"Authorization": f"Bearer {await stack.token(TRAVELLER)}"}
    with watch.step("seeding Seattle: places and sample posts → vibes → vectors → index"):
        seeded = await _call(client, "POST", "/api/v1/admin/seed-city", admin, {"city": "seattle"})
    print(f"    {seeded['nodes']} real places from {seeded['posts']} posts written for the sample")

    with watch.step("a new traveller picks tags"):
        persona = await _call(
            client, "PUT", "/api/v1/users/me/onboarding", traveller, {"tags": TAGS}
        )
    print(f"    persona: {persona['description']}")
    print(f"    nearest archetype: {persona['archetype']}")

    start = datetime.fromtimestamp(stack.now(), UTC).date() + _LEAD
    first, calls = await _plan(stack, client, watch, traveller, start, "planning three days, cold")
    itinerary.show(first)
    print(f"    ranked by: {first['ranker']['rung']} ({first['ranker']['reason']})")
    print(f"    calls to the language model (emulated LLM): {calls}\n")

    with watch.step("the rest of the 45 cells and their sentences are warmed in the background"):
        await stack.emulator("tasks").until_idle(60)

    name = "planning the same three days again"
    second, calls = await _plan(stack, client, watch, traveller, start, name)
    print(f"    ranked by: {second['ranker']['rung']} ({second['ranker']['reason']})")
    print(f"    calls to the language model: {calls}")
    if calls or second["ranker"]["rung"] != "cache":
        raise DemoFailed("The second trip was not served from the cache; see the figures above.")
    await _show_log(stack, second["id"])


async def _plan(
    stack: Stack,
    client: httpx.AsyncClient,
    watch: Stopwatch,
    traveller: dict[str, str],
    start: date,
    step: str,
) -> tuple[dict[str, Any], int]:
    """Return the trip and how many questions the language model was asked meanwhile."""
    body = {"city": "seattle", "start_date": start.isoformat(), "days": _TRIP_DAYS}
    before = await _questions(stack)
    with watch.step(step):
        trip = await _call(client, "POST", "/api/v1/trips", traveller, body)
    return trip, await _questions(stack) - before


async def _questions(stack: Stack) -> int:
    connection = await asyncpg.connect(stack.database_url)
    try:
        asked: int = await connection.fetchval("SELECT count(*) FROM llm_calls")
    finally:
        await connection.close()
    return asked


async def _show_log(stack: Stack, trip_id: str) -> None:
    connection = await asyncpg.connect(stack.database_url)
    try:
        row = await connection.fetchrow(
            "SELECT signal_id, signal_type, model_version, created_at, context"
            " FROM behavioral_signals WHERE trip_id = $1::uuid",
            trip_id,
        )
    finally:
        await connection.close()
    if row is None:
        raise DemoFailed(f"The trip {trip_id} has no logged candidate set.")
    context = orjson.loads(row["context"])
    candidates = context["full_candidate_set"]
    shown = sum(candidate["shown"] for candidate in candidates)
    print("\n==> the logged row: what every later model is trained from")
    print(f"    {row['signal_type']} {row['signal_id']} by {row['model_version']}")
    print(f"    {len(candidates)} candidates, {shown} shown; the first:")
    print(f"    {orjson.dumps(candidates[0]).decode()}")


async def _call(
    client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], body: Any
) -> dict[str, Any]:
    answer = await client.request(method, path, headers=headers, json=body)
    if answer.is_error:
        raise DemoFailed(f"{method} {path} answered {answer.status_code}: {answer.text}")
    said: dict[str, Any] = answer.json()
    return said
