"""HTTP serving, the admin routes and injected faults, over a small app."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.skeleton import admin
from emulators.skeleton.calls import Calls
from emulators.skeleton.clock import Clock
from emulators.skeleton.faults import Faults
from emulators.skeleton.http_server import serve, with_faults
from emulators.skeleton.in_flight import InFlight


@dataclass
class Small:
    """A small emulator: one call, one fact, one piece of work."""

    clock: Clock
    in_flight: InFlight
    resets: int = 0


@pytest.fixture
def small() -> Small:
    """The emulator's inside."""
    return Small(Clock(), InFlight())


@pytest.fixture
async def client(small: Small) -> AsyncIterator[httpx.AsyncClient]:
    """A client at its address."""
    faults, calls = Faults(), Calls(small.clock)

    async def hello(request: Request) -> Response:
        calls.record("hello", {"who": request.query_params.get("who", "")})
        return JSONResponse({"hello": "there"})

    async def reset() -> None:
        small.resets += 1

    controls = admin.Controls(
        "small",
        small.clock,
        faults,
        calls,
        state=lambda: {"resets": small.resets},
        reset=reset,
        until_idle=small.in_flight.until_idle,
    )
    app = Starlette(routes=[*admin.routes(controls), Route("/hello", hello)])
    server = await serve(with_faults(app, faults))
    async with httpx.AsyncClient(base_url=server.url) as opened:
        yield opened
    await server.stop()


async def test_health_names_the_emulator(client: httpx.AsyncClient) -> None:
    answer = await client.get("/_emulator/health")
    assert answer.json() == {"status": "ok", "emulator": "small"}


async def test_the_state_tells_calls_faults_and_facts(client: httpx.AsyncClient) -> None:
    await client.get("/hello?who=me")
    state = (await client.get("/_emulator/state")).json()
    assert state["calls"] == {"hello": 1}
    assert state["recent"][0]["detail"] == {"who": "me"}
    assert (state["faults"]["fail_next"], state["resets"]) == (0, 0)


async def test_a_fault_answers_as_google_does_and_spares_the_admin_routes(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/_emulator/faults", json={"fail_next": 1, "status": 429})
    assert (await client.get("/_emulator/state")).status_code == 200
    answer = await client.get("/hello")
    assert answer.status_code == 429
    assert answer.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert (await client.get("/hello")).status_code == 200


async def test_a_disconnect_drops_the_connection_without_an_answer(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/_emulator/faults", json={"disconnect_next": 1})
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/hello")
    assert (await client.get("/hello")).status_code == 200


async def test_faults_can_be_limited_to_a_path_and_taken_back(client: httpx.AsyncClient) -> None:
    await client.post("/_emulator/faults", json={"fail_next": 1, "match": "/other"})
    assert (await client.get("/hello")).status_code == 200
    assert (await client.get("/other")).status_code == 503
    await client.post("/_emulator/faults", json={"fail_next": 9})
    await client.delete("/_emulator/faults")
    assert (await client.get("/hello")).status_code == 200


async def test_latency_delays_a_call(client: httpx.AsyncClient) -> None:
    await client.post("/_emulator/faults", json={"latency_ms": 50})
    before = time.monotonic()
    await client.get("/hello")
    assert time.monotonic() - before >= 0.05


async def test_reset_empties_state_calls_and_faults(client: httpx.AsyncClient) -> None:
    await client.get("/hello")
    await client.post("/_emulator/faults", json={"fail_next": 9})
    assert (await client.post("/_emulator/reset")).status_code == 204
    state = (await client.get("/_emulator/state")).json()
    assert (state["calls"], state["faults"]["fail_next"], state["resets"]) == ({}, 0, 1)


async def test_the_clock_can_be_set_and_advanced(client: httpx.AsyncClient, small: Small) -> None:
    set_to = await client.post("/_emulator/clock", json={"set": "2027-01-31T09:00:00Z"})
    assert set_to.json()["now"] == pytest.approx(1801386000, abs=1)
    await client.post("/_emulator/clock", json={"advance_s": 3600})
    assert small.clock.now() == pytest.approx(1801389600, abs=2)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", '{"set": "2027-01-31T09:00:00"}'),
        ("clock", '{"set": "tomorrow"}'),
        ("clock", '{"advance_s": "1"}'),
        ("clock", '{"advance_s": 1, "set": "2027-01-31T09:00:00Z"}'),
        ("clock", "{}"),
        ("faults", '{"unknown": 1}'),
        ("faults", "[]"),
        ("faults", "no JSON"),
    ],
)
async def test_a_bad_admin_request_is_refused_with_a_reason(
    client: httpx.AsyncClient, path: str, body: str
) -> None:
    answer = await client.post(f"/_emulator/{path}", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


async def test_idle_waits_for_the_work_under_way(client: httpx.AsyncClient, small: Small) -> None:
    with small.in_flight.busy():
        too_soon = await client.get("/_emulator/idle?timeout_s=0.01")
        waiting = asyncio.create_task(client.get("/_emulator/idle"))
        await asyncio.sleep(0)
    assert (too_soon.status_code, too_soon.json()) == (504, {"idle": False})
    assert (await waiting).json() == {"idle": True}


async def test_a_stopped_server_accepts_no_more(small: Small) -> None:
    server = await serve(Starlette())
    await server.stop()
    async with httpx.AsyncClient() as late:
        with pytest.raises(httpx.ConnectError):
            await late.get(server.url)
