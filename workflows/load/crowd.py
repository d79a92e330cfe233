"""The travellers who write: each has a planned trip, and signals to send on its slots."""

import asyncio
from itertools import cycle
from typing import Any

import orjson

from workflows.bench.scene import Scene
from workflows.load.generator import Traffic

SIGNALS = "/api/v1/signals"
_EMPTY = "/api/v1/empty"
_KINDS = ("slot_view", "slot_accept", "slot_view", "slot_skip")


async def gather_crowd(scene: Scene, travellers: int) -> Traffic:
    """Plan a trip for each and return one request for every slot of theirs."""
    plans = await asyncio.gather(*(_plan(scene, number) for number in range(travellers)))
    kinds = cycle(_KINDS)
    return Traffic(
        SIGNALS,
        [
            {"headers": headers, "body": _body(trip["id"], slot, next(kinds))}
            for headers, trip in plans
            for day in trip["days"]
            for slot in day["slots"]
        ],
    )


def nothing() -> Traffic:
    """The empty function's requests, as large as a signal's."""
    body = _body("00000000-0000-4000-8000-000000000000", {"activity_node": {"id": "0" * 36}}, "-")
    return Traffic(_EMPTY, [{"headers": {"Content-Type": "application/json"}, "body": body}])


async def _plan(scene: Scene, number: int) -> tuple[dict[str, str], dict[str, Any]]:
    token = await scene.stack.token(f"simulated-load-{number}")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = {"city": "seattle", "start_date": scene.start_date, "days": 3}
    answer = await scene.ask("POST", "/api/v1/trips", headers, body)
    return headers, answer.json()


def _body(trip_id: str, slot: dict[str, Any], kind: str) -> str:
    signal = {
        "signal_id": "{id}",
        "signal_type": kind,
        "trip_id": trip_id,
        "activity_node_id": slot["activity_node"]["id"],
        "context": {"time_to_action_ms": 2400},
    }
    return orjson.dumps(signal).decode()
