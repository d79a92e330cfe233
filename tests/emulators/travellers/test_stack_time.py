"""The stack's time: forward only, and never past work that is due."""

import json
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from emulators.travellers.errors import SimulationFailed, StackBusy
from emulators.travellers.stack_time import StackTime

ADDRESSES = {
    "pubsub": {"grpc": "127.0.0.1:1", "admin": "http://pubsub"},
    "jobs": {"http": "http://jobs"},
    "tasks": {"grpc": "127.0.0.1:2", "admin": "http://tasks"},
    "storage": {"http": "http://storage"},
}
START = datetime(2027, 3, 1, tzinfo=UTC)


class Emulators:
    """Their routes, with a log of what was asked of which."""

    def __init__(self, *, busy: str = "", broken: bool = False) -> None:
        self.heard: list[tuple[str, str]] = []
        self._busy, self._broken = busy, broken
        self._offset = START.timestamp() - time.time()

    def time(self) -> StackTime:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return StackTime(http, ADDRESSES)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        route = request.url.path.rpartition("/")[2]
        self.heard.append((request.url.host, route))
        if route == "idle":
            return httpx.Response(504 if request.url.host == self._busy else 200, text="busy")
        if self._broken:
            return httpx.Response(400, text="no such time")
        body = json.loads(request.content)
        if "set" in body:
            self._offset = datetime.fromisoformat(body["set"]).timestamp() - time.time()
        return httpx.Response(200, json={"now": time.time() + self._offset})


async def test_the_time_is_the_stacks() -> None:
    stack = Emulators().time()
    assert abs(await stack.read() - START) < timedelta(seconds=5)
    assert abs(stack.now() - START.timestamp()) < 5


async def test_every_backlog_is_empty_before_the_clock_moves() -> None:
    emulators = Emulators()
    stack = emulators.time()
    await stack.read()
    emulators.heard.clear()
    await stack.advance_to(START + timedelta(days=1))
    waits = [host for host, route in emulators.heard if route == "idle"]
    assert waits == ["jobs", "tasks", "pubsub"] * 2
    assert emulators.heard[-1][1] == "clock"
    assert abs(stack.now() - (START + timedelta(days=1)).timestamp()) < 5


async def test_the_clock_is_never_set_back() -> None:
    emulators = Emulators()
    stack = emulators.time()
    await stack.read()
    emulators.heard.clear()
    await stack.advance_to(START - timedelta(hours=1))
    assert {route for _, route in emulators.heard} == {"idle"}


async def test_a_backlog_that_stays_is_named() -> None:
    with pytest.raises(StackBusy, match="tasks was not idle within 900 s: busy"):
        await Emulators(busy="tasks").time().until_quiet()


async def test_a_clock_that_refuses_ends_the_run() -> None:
    with pytest.raises(SimulationFailed, match=r"The clock was not moved: no such time"):
        await Emulators(broken=True).time().read()
