"""Who signs in with NextAuth is known, whichever way the token comes; nobody else is."""

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
import pytest

from shared.runtime.session_tokens import encode_v4, encode_v5
from tests.scenarios.conftest import NewTraveller
from tests.scenarios.problems import refused
from tests.scenarios.routes import PERSONA, SEED, TRIPS
from tests.scenarios.traveller import Traveller
from workflows.runner.data_folder import DataFolder
from workflows.stack import Stack

V4_COOKIE = "next-auth.session-token"
V5_COOKIE: Final = "__Secure-authjs.session-token"
HOUR_S = 3600
# NextAuth cuts a cookie that browsers would not keep whole.
CHUNK = 3933

Claim = Callable[..., dict[str, Any]]


@pytest.fixture
def secret(stack: Stack) -> str:
    return DataFolder(stack.data_dir).secrets().nextauth


@pytest.fixture
def claims(stack: Stack) -> Claim:
    """The claims of a session that is good for an hour."""

    def make(**changes: Any) -> dict[str, Any]:
        now = int(stack.now())
        return {"sub": f"guest-{uuid4().hex}", "iat": now, "exp": now + HOUR_S} | changes

    return make


async def test_a_v4_token_signs_in_as_bearer_and_as_cookie(
    gateway: httpx.AsyncClient, claims: Claim, secret: str
) -> None:
    token = encode_v4(claims(), secret)
    assert (await _me(gateway, {"Authorization": f"Bearer {token}"})).status_code == 200
    assert (await _me(gateway, {"Cookie": f"theme=dark; {V4_COOKIE}={token}"})).status_code == 200


async def test_a_v5_token_signs_in_as_cookie_in_chunks_and_as_bearer(
    gateway: httpx.AsyncClient, claims: Claim, secret: str
) -> None:
    token = encode_v5(claims(picture="x" * 3000), secret, V5_COOKIE)
    chunks = f"{V5_COOKIE}.0={token[:CHUNK]}; {V5_COOKIE}.1={token[CHUNK:]}"
    assert len(token) > CHUNK
    for headers in (
        {"Cookie": f"{V5_COOKIE}={token}"},
        {"Cookie": chunks},
        {"Authorization": f"Bearer {token}"},
    ):
        assert (await _me(gateway, headers)).status_code == 200


async def test_a_first_visit_creates_the_user_once_however_many_calls_come_at_once(
    gateway: httpx.AsyncClient, database: asyncpg.Connection, claims: Claim, secret: str
) -> None:
    who = claims()
    headers = {"Authorization": f"Bearer {encode_v4(who, secret)}"}
    answers = await asyncio.gather(*(_me(gateway, headers) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    rows = await database.fetch("SELECT role, created_at FROM users WHERE id = $1", who["sub"])
    assert [row["role"] for row in rows] == ["traveller"]


async def test_a_role_in_the_token_makes_nobody_an_administrator(
    gateway: httpx.AsyncClient, database: asyncpg.Connection, claims: Claim, secret: str
) -> None:
    who = claims(role="admin", user={"role": "admin"})
    headers = {"Authorization": f"Bearer {encode_v4(who, secret)}"}
    body = {"city": "seattle"}
    answer = await gateway.post(SEED, json=body, headers=headers)
    refused(answer, 403)
    assert await database.fetchval("SELECT role FROM users WHERE id = $1", who["sub"]) == (
        "traveller"
    )


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        "a.b.c.d.e",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
        "x" * 8000,
    ],
)
async def test_what_is_no_token_is_401(gateway: httpx.AsyncClient, token: str) -> None:
    refused(await _me(gateway, {"Authorization": f"Bearer {token}"}), 401, "ign in")


async def test_a_token_sealed_with_another_secret_is_401(
    gateway: httpx.AsyncClient, claims: Claim
) -> None:
    forged = encode_v4(claims(), "another secret of sixteen and more")
    refused(await _me(gateway, {"Authorization": f"Bearer {forged}"}), 401, "NEXTAUTH_SECRET")


async def test_a_token_with_one_bit_changed_is_401(
    gateway: httpx.AsyncClient, claims: Claim, secret: str
) -> None:
    parts = encode_v4(claims(), secret).split(".")
    sealed = bytearray(base64.urlsafe_b64decode(parts[3] + "=="))
    sealed[0] ^= 1
    parts[3] = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
    refused(await _me(gateway, {"Authorization": f"Bearer {'.'.join(parts)}"}), 401)


@pytest.mark.parametrize("end", [-HOUR_S, -60])
async def test_an_expired_token_is_401_and_creates_nobody(
    gateway: httpx.AsyncClient,
    database: asyncpg.Connection,
    claims: Claim,
    secret: str,
    stack: Stack,
    end: int,
) -> None:
    who = claims(exp=int(stack.now()) + end)
    refused(
        await _me(gateway, {"Authorization": f"Bearer {encode_v4(who, secret)}"}),
        401,
        "outside its time",
        "sign in again",
    )
    assert not await database.fetchval("SELECT count(*) FROM users WHERE id = $1", who["sub"])


@pytest.mark.parametrize("subject", [None, "", "has space", "x" * 129, 7])
async def test_a_token_that_names_no_user_is_401(
    gateway: httpx.AsyncClient, claims: Claim, secret: str, subject: Any
) -> None:
    token = encode_v4(claims(sub=subject), secret)
    refused(await _me(gateway, {"Authorization": f"Bearer {token}"}), 401, "names no user")


async def test_a_token_expires_when_the_stacks_clock_says_so(
    stack: Stack, gateway: httpx.AsyncClient, claims: Claim, secret: str
) -> None:
    headers = {"Authorization": f"Bearer {encode_v4(claims(exp=stack.now() + 90), secret)}"}
    assert (await _me(gateway, headers)).status_code == 200
    await stack.emulator("scheduler").advance(120)
    refused(await _me(gateway, headers), 401, "outside its time")


async def test_another_travellers_trip_is_404_as_if_it_did_not_exist(
    traveller: Traveller, new_traveller: NewTraveller
) -> None:
    trip = await traveller.trip(days=1)
    stranger, admin = await new_traveller(), await new_traveller(admin=True)
    for other in (stranger, admin):
        answer = await other.send("GET", f"{TRIPS}/{trip['id']}")
        refused(answer, 404, "You have no trip")


async def _me(gateway: httpx.AsyncClient, headers: Mapping[str, str]) -> httpx.Response:
    return await gateway.get(PERSONA, headers=headers)
