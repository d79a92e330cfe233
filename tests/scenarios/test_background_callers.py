"""Background functions do their work for Google alone, and in Google's name for nobody but us."""

import httpx
import pytest

from tests.scenarios.problems import refused
from tests.scenarios.traveller import Traveller
from workflows.runner.addresses import INVOKER
from workflows.stack import Stack

STRANGER = "stranger@example.iam.gserviceaccount.com"
SERVICES = ("store-signal", "prewarm-combo", "relay-outbox")


@pytest.fixture
async def ingress(stack: Stack, gateway: httpx.AsyncClient) -> str:
    """Base of the functions' own addresses; what needs the gateway's seeded stack is there."""
    return stack.addresses.ingress


@pytest.mark.parametrize("service", SERVICES)
async def test_without_a_token_nothing_is_done(
    gateway: httpx.AsyncClient, ingress: str, service: str
) -> None:
    refused(await gateway.post(f"{ingress}/{service}", json={}), 401, "OIDC ID token")


@pytest.mark.parametrize("service", SERVICES)
async def test_a_travellers_session_token_is_no_token_of_google(
    gateway: httpx.AsyncClient, ingress: str, traveller: Traveller, service: str
) -> None:
    headers = {"Authorization": f"Bearer {traveller.token}"}
    refused(await gateway.post(f"{ingress}/{service}", json={}, headers=headers), 401)


@pytest.mark.parametrize("service", SERVICES)
async def test_another_service_account_is_forbidden(
    stack: Stack, gateway: httpx.AsyncClient, ingress: str, service: str
) -> None:
    headers = await _signed(stack, f"{ingress}/{service}", STRANGER)
    answer = await gateway.post(f"{ingress}/{service}", json={}, headers=headers)
    refused(answer, 403, INVOKER)


async def test_a_token_for_one_function_opens_no_other(
    stack: Stack, gateway: httpx.AsyncClient, ingress: str
) -> None:
    headers = await _signed(stack, f"{ingress}/prewarm-combo", INVOKER)
    answer = await gateway.post(f"{ingress}/relay-outbox", json={}, headers=headers)
    refused(answer, 401)


async def test_an_expired_token_of_the_invoker_is_refused(
    stack: Stack, gateway: httpx.AsyncClient, ingress: str
) -> None:
    headers = await _signed(stack, f"{ingress}/relay-outbox", INVOKER)
    await stack.emulator("scheduler").advance(3600 + 60)
    await stack.emulator("scheduler").until_idle(60)
    refused(await gateway.post(f"{ingress}/relay-outbox", json={}, headers=headers), 401)


async def test_the_invokers_own_token_is_served_and_acknowledged_with_204(
    stack: Stack, gateway: httpx.AsyncClient, ingress: str
) -> None:
    headers = await _signed(stack, f"{ingress}/relay-outbox", INVOKER)
    headers |= {"X-CloudScheduler": "true", "X-CloudScheduler-JobName": "relay-outbox"}
    answer = await gateway.post(f"{ingress}/relay-outbox", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["X-Model-Version"] == "none"


async def _signed(stack: Stack, audience: str, email: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {await stack.id_token(audience, email)}"}
