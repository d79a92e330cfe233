"""Who gets through to a background function, and what a key rotation or an outage does to it."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from shared.runtime.callers import CallerForbidden, CallerUnknown, verify, verify_caller
from shared.runtime.certs import Certs, CertsUnreachable
from shared.runtime.clock import now
from shared.runtime.settings import Settings

NOW = 1_800_000_000.0
AUDIENCE = "https://store-signal-1.us-central1.run.app"
INVOKER = "invoker@overplanned.iam.gserviceaccount.com"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Issuer:
    """Keys as Google publishes them, and tokens signed with them."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self.key = key

    def pem(self) -> str:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "federated-signon")])
        begin = datetime(2026, 1, 1, tzinfo=UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=3650))
            .sign(self.key, SHA256())
        )
        return certificate.public_bytes(Encoding.PEM).decode()

    def token(self, kid: str = "k1", alg: str = "RS256", **changes: Any) -> str:
        claims = {
            "iss": "https://accounts.google.com",
            "aud": AUDIENCE,
            "email": INVOKER,
            "email_verified": True,
            "iat": NOW - 5,
            "exp": NOW + 3600,
        } | changes
        header = {"alg": alg, "kid": kid, "typ": "JWT"}
        signed = ".".join(b64(json.dumps(part).encode()) for part in (header, claims))
        signature = self.key.sign(signed.encode(), PKCS1v15(), SHA256())
        return f"{signed}.{b64(signature)}"


class KeyHost:
    """A local HTTP server in the place of Google's certificate endpoint."""

    def __init__(self) -> None:
        self.keys: object = {}
        self.status = 200
        self.cache_control = "public, max-age=600"
        self.requests = 0
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.requests += 1
        self.asked.set()
        await self.gate.wait()
        body = json.dumps(self.keys).encode()
        head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Cache-Control: {self.cache_control}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


class Watch:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer(generate_private_key(65537, 2048))


@pytest.fixture(scope="module")
def stranger() -> Issuer:
    return Issuer(generate_private_key(65537, 2048))


@pytest.fixture
async def host(issuer: Issuer) -> AsyncIterator[KeyHost]:
    host = KeyHost()
    host.keys = {"k1": issuer.pem()}
    server = await asyncio.start_server(host.answer, "127.0.0.1", 0)
    host.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/oauth2/v1/certs"
    yield host
    server.close()
    await server.wait_closed()


@pytest.fixture
def watch() -> Watch:
    return Watch()


Ask = Callable[..., Any]


@pytest.fixture
def ask(host: KeyHost, watch: Watch) -> Ask:
    certs = Certs(host.url, watch)

    async def ask(token: str | None, at: float = NOW, audience: str = AUDIENCE) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        await verify(headers, certs, INVOKER, audience, at)

    return ask


async def test_the_invoker_gets_through_and_the_keys_are_fetched_once(
    ask: Ask, issuer: Issuer, host: KeyHost
) -> None:
    for _ in range(3):
        await ask(issuer.token())
    assert host.requests == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://another-function.run.app"},
        {"aud": AUDIENCE + "/"},
        {"aud": [AUDIENCE]},
        {"aud": None},
        {"iss": "https://accounts.google.com.evil.example"},
        {"iss": None},
        {"exp": NOW - 11},
        {"iat": NOW + 11},
        {"exp": "never"},
    ],
)
async def test_a_token_for_another_place_issuer_or_time_is_unknown(
    ask: Ask, issuer: Issuer, changes: dict[str, Any]
) -> None:
    with pytest.raises(CallerUnknown) as refused:
        await ask(issuer.token(**changes))
    assert refused.value.status == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "somebody@overplanned.iam.gserviceaccount.com"},
        {"email": None},
        {"email": INVOKER.upper()},
        {"email_verified": False},
        {"email_verified": "true"},
    ],
)
async def test_anyone_but_the_verified_invoker_is_forbidden(
    ask: Ask, issuer: Issuer, changes: dict[str, Any]
) -> None:
    with pytest.raises(CallerForbidden) as refused:
        await ask(issuer.token(**changes))
    assert refused.value.status == 403


async def test_a_foreign_signature_under_a_known_key_id_is_unknown(
    ask: Ask, stranger: Issuer
) -> None:
    with pytest.raises(CallerUnknown, match="signature"):
        await ask(stranger.token())


async def test_changed_claims_break_the_signature(ask: Ask, issuer: Issuer) -> None:
    header, _, signature = issuer.token().split(".")
    claims = issuer.token(email="x@example.com").split(".")[1]
    with pytest.raises(CallerUnknown, match="signature"):
        await ask(f"{header}.{claims}.{signature}")


async def test_the_certificate_cannot_serve_as_an_hmac_secret(ask: Ask, issuer: Issuer) -> None:
    signed = issuer.token(alg="HS256").rsplit(".", 1)[0]
    forged = hmac.new(issuer.pem().encode(), signed.encode(), hashlib.sha256).digest()
    with pytest.raises(CallerUnknown, match="RS256"):
        await ask(f"{signed}.{b64(forged)}")


async def test_a_signature_removed_by_cloud_run_is_refused_with_the_remedy(
    ask: Ask, issuer: Issuer
) -> None:
    signed = issuer.token().rsplit(".", 1)[0]
    with pytest.raises(CallerUnknown, match="--no-invoker-iam-check"):
        await ask(f"{signed}.SIGNATURE_REMOVED_BY_GOOGLE")


@pytest.mark.parametrize(
    "token", [None, "", "a.b", "a.b.c", "é.é.é", "e30.e30.e30", "W10.W10.W10", "x" * 9000, "a" * 5]
)
async def test_what_is_no_id_token_is_unknown_without_a_fetch(
    ask: Ask, host: KeyHost, token: str | None
) -> None:
    with pytest.raises(CallerUnknown):
        await ask(token)
    assert host.requests == 0


async def test_a_crowd_of_first_callers_causes_one_fetch_and_does_not_block_the_loop(
    ask: Ask, issuer: Issuer, host: KeyHost
) -> None:
    host.gate.clear()
    crowd = [asyncio.create_task(ask(issuer.token())) for _ in range(50)]
    async with asyncio.timeout(5):
        await host.asked.wait()
    host.gate.set()
    await asyncio.gather(*crowd)
    assert host.requests == 1


async def test_a_caller_that_goes_away_does_not_end_the_fetch_for_others(
    ask: Ask, issuer: Issuer, host: KeyHost
) -> None:
    host.gate.clear()
    first, second = (asyncio.create_task(ask(issuer.token())) for _ in range(2))
    async with asyncio.timeout(5):
        await host.asked.wait()
    first.cancel()
    host.gate.set()
    await second
    assert first.cancelled() or first.cancelling()
    assert host.requests == 1


async def test_a_new_key_is_fetched_when_first_seen(
    ask: Ask, issuer: Issuer, stranger: Issuer, host: KeyHost, watch: Watch
) -> None:
    await ask(issuer.token())
    host.keys = {"k1": issuer.pem(), "k2": stranger.pem()}
    watch.seconds += 10
    await ask(stranger.token(kid="k2"))
    assert host.requests == 2


async def test_invented_key_ids_cause_one_fetch_in_ten_seconds(
    ask: Ask, issuer: Issuer, host: KeyHost, watch: Watch
) -> None:
    await ask(issuer.token())
    for number in range(20):
        watch.seconds = number
        with pytest.raises(CallerUnknown, match="key is not one of Google's"):
            await ask(issuer.token(kid=f"invented-{number}"))
    assert host.requests == 2


async def test_keys_are_fetched_again_when_their_time_is_over(
    ask: Ask, issuer: Issuer, stranger: Issuer, host: KeyHost, watch: Watch
) -> None:
    await ask(issuer.token())
    watch.seconds = 599
    await ask(issuer.token())
    assert host.requests == 1
    host.keys = {"k1": stranger.pem()}
    watch.seconds = 600
    with pytest.raises(CallerUnknown):
        await ask(issuer.token())


async def test_held_keys_count_while_the_host_is_away(
    ask: Ask, issuer: Issuer, host: KeyHost, watch: Watch
) -> None:
    await ask(issuer.token())
    host.status = 503
    watch.seconds = 700
    await ask(issuer.token())
    assert host.requests == 2


@pytest.mark.parametrize("keys", [{}, [], {"k1": 7}, {"k1": "no certificate"}])
async def test_without_any_keys_the_caller_may_try_again(
    ask: Ask, issuer: Issuer, host: KeyHost, watch: Watch, keys: object
) -> None:
    good, host.keys = host.keys, keys
    with pytest.raises(CertsUnreachable) as refused:
        await ask(issuer.token())
    assert refused.value.status == 503
    host.keys = good
    watch.seconds = 10
    await ask(issuer.token())


async def test_an_endless_list_of_keys_is_not_believed(
    ask: Ask, issuer: Issuer, host: KeyHost
) -> None:
    host.keys = {f"k{number}": issuer.pem() for number in range(80)}
    with pytest.raises(CertsUnreachable):
        await ask(issuer.token())


async def test_a_host_that_cannot_be_reached_is_a_503(issuer: Issuer) -> None:
    certs = Certs("http://127.0.0.1:1/certs")
    headers = {"authorization": f"bearer {issuer.token()}"}
    with pytest.raises(CertsUnreachable):
        await verify(headers, certs, INVOKER, AUDIENCE, NOW)


async def test_a_function_checks_its_callers_by_its_settings(issuer: Issuer, host: KeyHost) -> None:
    settings = Settings({"OIDC_CERTS_URL": host.url, "INVOKER_SERVICE_ACCOUNT": INVOKER})
    token = issuer.token(iat=now().timestamp(), exp=now().timestamp() + 60)
    await verify_caller({"Authorization": f"Bearer {token}"}, settings, AUDIENCE)
    with pytest.raises(CallerUnknown, match="audience"):
        await verify_caller({"Authorization": f"Bearer {token}"}, settings, "https://other")
    assert host.requests == 1


async def test_a_redirect_does_not_decide_whose_keys_are_believed(
    ask: Ask, issuer: Issuer, host: KeyHost
) -> None:
    host.status = 302
    with pytest.raises(CertsUnreachable):
        await ask(issuer.token())


async def test_a_token_proven_once_is_refused_when_its_time_is_over_or_it_is_shown_elsewhere(
    host: KeyHost, issuer: Issuer
) -> None:
    certs, token = Certs(host.url), issuer.token()
    headers = {"authorization": f"Bearer {token}"}
    for _ in range(2):
        await verify(headers, certs, INVOKER, AUDIENCE, NOW)
    with pytest.raises(CallerUnknown, match="outside its time"):
        await verify(headers, certs, INVOKER, AUDIENCE, NOW + 7 * 86_400)
    with pytest.raises(CallerUnknown, match="audience"):
        await verify(headers, certs, INVOKER, "https://another.run.app", NOW)


async def test_a_proven_token_proves_nothing_with_another_signature(
    host: KeyHost, issuer: Issuer
) -> None:
    certs, token = Certs(host.url), issuer.token()
    await verify({"authorization": f"Bearer {token}"}, certs, INVOKER, AUDIENCE, NOW)
    signed, _, signature = token.rpartition(".")
    forged = f"{signed}.{'A' * len(signature)}"
    with pytest.raises(CallerUnknown, match="signature"):
        await verify({"authorization": f"Bearer {forged}"}, certs, INVOKER, AUDIENCE, NOW)
