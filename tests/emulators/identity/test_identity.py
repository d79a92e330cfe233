"""The OIDC issuer, checked with Google's own library."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from emulators import identity
from emulators.skeleton.clock import Clock
from emulators.skeleton.house import House
from emulators.skeleton.identity import Identity

EMAIL = "invoker@overplanned-local.iam.gserviceaccount.com"
AUDIENCE = "http://127.0.0.1:8080/store-signal"


@pytest.fixture
async def issuer(house: House) -> AsyncIterator[str]:
    """The issuer's base URL."""
    running = await identity.start(house)
    yield running.addresses["http"]
    await running.stop()


def claims_of(token: str) -> Any:
    payload = token.split(".")[1]
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


async def test_googles_library_verifies_a_token(house: House, issuer: str) -> None:
    token = house.identity.sign_id_token(EMAIL, AUDIENCE)

    def verify() -> Any:
        with requests.Session() as session:
            certificates = f"{issuer}/oauth2/v1/certs"
            return id_token.verify_token(token, Request(session), AUDIENCE, certificates)

    claims = await asyncio.to_thread(verify)
    assert set(claims) == {"aud", "azp", "email", "email_verified", "exp", "iat", "iss", "sub"}
    assert (claims["aud"], claims["email"]) == (AUDIENCE, EMAIL)


async def test_the_key_set_and_the_certificates_name_the_same_key(issuer: str) -> None:
    async with httpx.AsyncClient(base_url=issuer) as client:
        certificates = (await client.get("/oauth2/v1/certs")).json()
        keys = (await client.get("/oauth2/v3/certs")).json()["keys"]
        found = (await client.get("/.well-known/openid-configuration")).json()
    assert [key["kid"] for key in keys] == list(certificates)
    assert found["issuer"] == "https://accounts.google.com"
    assert found["jwks_uri"] == f"{issuer}/oauth2/v3/certs"


async def test_the_iam_call_mints_the_same_kind_of_token(issuer: str) -> None:
    path = f"/v1/projects/-/serviceAccounts/{EMAIL}:generateIdToken"
    async with httpx.AsyncClient(base_url=issuer) as client:
        answer = await client.post(path, json={"audience": AUDIENCE, "includeEmail": True})
        refused = [
            await client.post(path, content=body)
            for body in (b"{}", b"no JSON", b'{"audience": 1}')
        ]
    claims = claims_of(answer.json()["token"])
    assert (claims["aud"], claims["email"]) == (AUDIENCE, EMAIL)
    assert [response.status_code for response in refused] == [400, 400, 400]


def test_the_key_outlives_the_process(house: House) -> None:
    again = Identity(house.data_dir, house.clock)
    assert again.key_id == house.identity.key_id


def test_a_token_is_used_again_while_it_is_fresh(house: House) -> None:
    first = house.identity.sign_id_token(EMAIL, AUDIENCE)
    house.clock.advance(3000)
    assert house.identity.sign_id_token(EMAIL, AUDIENCE) == first
    house.clock.advance(300)
    renewed = house.identity.sign_id_token(EMAIL, AUDIENCE)
    assert claims_of(renewed)["iat"] - claims_of(first)["iat"] >= 3300


def test_a_clock_set_back_gets_a_token_of_that_time(house: House) -> None:
    house.identity.sign_id_token(EMAIL, AUDIENCE)
    house.clock.advance(-86400)
    token = house.identity.sign_id_token(EMAIL, AUDIENCE)
    assert claims_of(token)["iat"] == pytest.approx(house.clock.now(), abs=2)


def test_two_accounts_have_two_subjects_that_stay(house: House) -> None:
    subjects = [
        claims_of(house.identity.sign_id_token(email, AUDIENCE))["sub"]
        for email in (EMAIL, "other@overplanned-local.iam.gserviceaccount.com", EMAIL)
    ]
    assert subjects[0] == subjects[2] != subjects[1]
    assert all(len(subject) == 21 and subject.isdecimal() for subject in subjects)


def test_the_key_file_is_for_its_owner_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("fresh")
    Identity(folder, Clock())
    (key,) = folder.iterdir()
    assert key.stat().st_mode & 0o777 == 0o600
