"""The token that a push carries, checked as a function in production checks it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from emulators import identity
from emulators.skeleton.house import House
from emulators.skeleton.identity import Identity
from tests.emulators.http_target import HttpTarget
from tests.emulators.pubsub.cloud import Cloud

INVOKER = "invoker@overplanned-local.iam.gserviceaccount.com"


@pytest.fixture
async def certificates(house: House) -> AsyncIterator[str]:
    """The URL of the certificates that verify the house's tokens."""
    running = await identity.start(house)
    yield f"{running.addresses['http']}/oauth2/v1/certs"
    await running.stop()


async def pushed_token(ours: Cloud, target: HttpTarget, **oidc: str) -> str:
    topic = await ours.topic()
    push = {"push_endpoint": f"{target.url}/store-signal", "oidc_token": oidc}
    await ours.subscribe(topic, push_config=push)
    await ours.publish(topic, "hello")
    (call,) = await target.received(1)
    scheme, _, token = call.headers["authorization"].partition(" ")
    assert scheme == "Bearer"
    return token


async def verified(token: str, audience: str, certificates: str) -> Any:
    def verify() -> Any:
        with requests.Session() as session:
            return id_token.verify_token(token, Request(session), audience, certificates)

    return await asyncio.to_thread(verify)


async def test_the_token_passes_googles_own_check(
    ours: Cloud, target: HttpTarget, certificates: str
) -> None:
    audience = "http://127.0.0.1:8080/store-signal"
    token = await pushed_token(ours, target, service_account_email=INVOKER, audience=audience)
    claims = await verified(token, audience, certificates)
    assert claims["iss"] == "https://accounts.google.com"
    assert (claims["email"], claims["email_verified"]) == (INVOKER, True)
    assert claims["azp"] == claims["sub"]
    assert claims["exp"] - claims["iat"] == 3600


async def test_the_audience_is_the_endpoint_unless_given(
    ours: Cloud, target: HttpTarget, certificates: str
) -> None:
    token = await pushed_token(ours, target, service_account_email=INVOKER)
    await verified(token, f"{target.url}/store-signal", certificates)
    with pytest.raises(GoogleAuthError, match="audience"):
        await verified(token, "http://somewhere.else", certificates)


async def test_a_token_signed_with_another_key_is_refused(house: House, certificates: str) -> None:
    other = house.data_dir / "other"
    forged = Identity(other, house.clock).sign_id_token(INVOKER, "http://audience")
    with pytest.raises(GoogleAuthError, match="Certificate for key id"):
        await verified(forged, "http://audience", certificates)
