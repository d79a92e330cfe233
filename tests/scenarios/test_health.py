"""Whoever asks how the system is hears it by name."""

import httpx
import pytest

from tests.scenarios.engines import hanging
from workflows.manifest import ROOT, load
from workflows.stack import Stack
from workflows.wiring import Function

WIRING = load(ROOT / "workflows", ROOT)
ENGINES = {"postgres", "redis", "qdrant", "pubsub", "tasks", "scheduler", "storage", "anthropic"}


async def test_the_gateway_names_every_engine_and_function(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.get("/health")
    assert (answer.status_code, answer.headers["X-Model-Version"]) == (200, "none")
    said = answer.json()
    assert (said["status"], said["unhealthy"]) == ("ok", [])
    assert said["engines"].keys() >= ENGINES
    assert said["functions"].keys() == WIRING.functions.keys()


async def test_the_gateway_is_503_and_names_what_is_unhealthy(
    stack: Stack, gateway: httpx.AsyncClient
) -> None:
    async with hanging(stack, "redis"):
        answer = await gateway.get("/health")
    assert answer.status_code == 503
    said = answer.json()
    assert (said["status"], said["unhealthy"]) == ("unhealthy", ["redis"])
    assert said["engines"]["redis"] != "ok"


@pytest.mark.parametrize("function", WIRING.functions.values(), ids=lambda function: function.name)
async def test_each_function_answers_for_itself_and_for_all_it_needs(
    stack: Stack, gateway: httpx.AsyncClient, function: Function
) -> None:
    answer = await gateway.get(f"{stack.addresses.ingress}/{function.service}/health")
    assert (answer.status_code, answer.headers["X-Model-Version"]) == (200, "none"), answer.text
    said = answer.json()
    assert (said["service"], said["status"]) == (function.service, "ok")
    assert set(said["checks"]) == set(function.needs) - {"onnx"}


async def test_a_function_whose_engine_is_away_says_which(
    stack: Stack, gateway: httpx.AsyncClient
) -> None:
    url = f"{stack.addresses.ingress}/generate-trip/health"
    await stack.emulator("qdrant").faults(fail_next=100, status=500)
    try:
        answer = await gateway.get(url)
    finally:
        await stack.emulator("qdrant").faults()
    assert answer.status_code == 503
    said = answer.json()
    assert said["status"] == "unhealthy"
    assert [name for name, state in said["checks"].items() if state != "ok"] == ["qdrant"]
