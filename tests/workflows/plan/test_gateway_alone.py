"""The gateway of docker-compose.yml routes to functions that run in other containers."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import web

from workflows.gateway.__main__ import serve
from workflows.manifest import load


@pytest.fixture
async def containers() -> AsyncIterator[str]:
    """FUNCTION_URL_TEMPLATE of functions that tell the path they were asked for.

    store-signal is unwell, and nothing answers for read-persona.
    """

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/read-persona/") and request.transport:
            request.transport.abort()
        unwell = request.path == "/store-signal/health"
        return web.json_response({"asked": request.path}, status=503 if unwell else 200)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/{{service}}"
    await runner.cleanup()


@pytest.fixture
async def gateway(containers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway before those functions, which ends as containers are ended."""
    bound = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    serving = asyncio.create_task(serve(bound, load(), containers))
    async with httpx.AsyncClient(base_url=url) as client:
        await client.get("/")
        yield client
    os.kill(os.getpid(), signal.SIGTERM)
    await serving


async def test_a_route_leads_to_its_function_s_container(gateway: httpx.AsyncClient) -> None:
    reply = await gateway.get("/api/v1/trips/42")
    assert reply.json() == {"asked": "/read-trip/api/v1/trips/42"}


async def test_a_container_that_breaks_off_is_told_as_a_problem(gateway: httpx.AsyncClient) -> None:
    reply = await gateway.get("/api/v1/users/me/persona")
    assert reply.status_code >= 500
    assert reply.headers["Content-Type"].startswith("application/problem+json")


async def test_health_names_the_functions_that_are_unwell(gateway: httpx.AsyncClient) -> None:
    reply = await gateway.get("/health")
    assert reply.status_code == 503
    told = reply.json()
    assert sorted(told["unhealthy"]) == ["read_persona", "store_signal"]
    assert told["functions"]["read_trip"] == "ok"
    assert told["functions"]["store_signal"].startswith("answered 503")
