"""A function's example.json as a request to it, with a real trip and place put in."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workflows.bench.caller import Request
from workflows.stack import Stack
from workflows.triggers import Push, Schedule, Tasked
from workflows.wiring import Function

EXAMPLE_TRIP: Final = "2f6c1b52-7d1e-4f43-9a5b-0c2f4d8e9a10"
EXAMPLE_NODE: Final = "0d2b1c3e-5a4f-4b6a-8c7d-9e0f1a2b3c4d"
EXAMPLE_DATE: Final = "2027-03-01"
EXAMPLE_USER: Final = "example-caller"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is real in the running stack: a trip, a place in it, a date to come, a traveller."""

    trip: str
    node: str
    start_date: str
    user: str

    def put_into(self, text: str) -> str:
        """Return the text with the examples' ids and date replaced."""
        replaced = {
            EXAMPLE_TRIP: self.trip,
            EXAMPLE_NODE: self.node,
            EXAMPLE_DATE: self.start_date,
            EXAMPLE_USER: self.user,
        }
        for example, real in replaced.items():
            text = text.replace(example, real)
        return text


def read_example(function: Function, root: Path, facts: Facts) -> dict[str, Any]:
    """Return the function's example with the facts put in, inside a Pub/Sub message too."""
    path = root / Path(function.source).with_name("example.json")
    example: dict[str, Any] = json.loads(facts.put_into(path.read_text("utf-8")))
    if isinstance(function.trigger, Push):
        data = b64decode(example["message"]["data"]).decode()
        example["message"]["data"] = b64encode(facts.put_into(data).encode()).decode()
    return example


async def authorise(function: Function, stack: Stack, session: dict[str, str]) -> dict[str, str]:
    """Return the headers that the function's trigger sends: a session, or an OIDC token."""
    if not function.background:
        return session if function.access != "public" else {}
    audience = function.url(stack.addresses.function_url_template)
    headers = {"Authorization": f"Bearer {await stack.id_token(audience)}"}
    match function.trigger:
        case Tasked(queue):
            headers |= {"X-CloudTasks-QueueName": queue, "X-CloudTasks-TaskName": "bench"}
        case Schedule():
            headers |= {"X-CloudScheduler": "true", "X-CloudScheduler-JobName": function.service}
    return headers


def request(
    function: Function, example: dict[str, Any], base: str, headers: dict[str, str]
) -> Request:
    """Return the request to a function that listens at `base`."""
    if function.background:
        return Request("POST", f"{base}/", example, headers)
    return Request(example["method"], base + example["path"], example.get("body"), headers)
