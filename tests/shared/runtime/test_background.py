"""A background function's face: 204 acknowledges, 503 asks again, and nothing loops for ever."""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from shared.runtime import background
from shared.runtime.background import background_face
from shared.runtime.envelopes import Delivery
from shared.runtime.errors import Refusal, TryAgain
from shared.runtime.opening import Opening


@dataclass
class Parking:
    parked: list[tuple[str, str, str]] = field(default_factory=list)

    async def park(self, function: str, body: str, reason: str, at: datetime) -> None:
        self.parked.append((function, body, reason))


@dataclass
class Drivers:
    parking: Parking = field(default_factory=Parking)
    delivered: list[Delivery] = field(default_factory=list)
    raises: BaseException | None = None


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Callers are checked by their own tests; here every caller is the invoker."""

    async def accept(*_: object) -> None:
        return None

    monkeypatch.setattr(background, "verify_caller", accept)
    monkeypatch.setenv("FUNCTION_URL_TEMPLATE", "http://face/{service}")


def client(drivers: Drivers) -> httpx.AsyncClient:
    async def join(opening: Opening) -> Drivers:
        return drivers

    @background_face(join)
    async def keep(delivery: Delivery, drivers: Drivers) -> None:
        if drivers.raises is not None:
            raise drivers.raises
        drivers.delivered.append(delivery)

    routes = [Route("/{path:path}", keep, methods=["GET", "POST"])]
    transport = httpx.ASGITransport(Starlette(routes=routes))
    return httpx.AsyncClient(transport=transport, base_url="http://face")


def pushed(payload: Any) -> dict[str, Any]:
    data = base64.b64encode(json.dumps(payload).encode()).decode()
    message = {"data": data, "messageId": "7", "attributes": {"kind": "signal"}}
    return {"message": message, "subscription": "projects/p/subscriptions/s"}


@pytest.mark.usefixtures("trusted")
async def test_a_message_that_was_handled_is_acknowledged_with_204() -> None:
    drivers = Drivers()
    answer = await client(drivers).post("/", json=pushed({"a": 1}))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["x-model-version"] == "none"
    assert drivers.delivered == [Delivery("7", {"a": 1}, {"kind": "signal"}, 1)]


@pytest.mark.usefixtures("trusted")
async def test_a_passing_failure_asks_for_another_delivery_and_parks_nothing() -> None:
    drivers = Drivers(raises=TryAgain("Later."))
    assert (await client(drivers).post("/", json=pushed({}))).status_code == 503
    assert drivers.parking.parked == []


@pytest.mark.usefixtures("trusted")
async def test_an_unexpected_failure_is_delivered_again_too() -> None:
    drivers = Drivers(raises=RuntimeError("bug"))
    assert (await client(drivers).post("/", json=pushed({}))).status_code == 500
    assert drivers.parking.parked == []


@pytest.mark.usefixtures("trusted")
async def test_what_can_never_succeed_is_parked_with_its_reason_and_acknowledged() -> None:
    drivers = Drivers(raises=Refusal("Not a signal."))
    body = pushed({"a": 1})
    assert (await client(drivers).post("/", json=body)).status_code == 204
    ((function, kept, reason),) = drivers.parking.parked
    assert (function, reason) == ("keep", "Not a signal.")
    assert json.loads(kept) == body


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"[]", b'{"message": 3}', b'{"x": 1}'])
async def test_a_body_without_an_envelope_is_parked_not_retried(body: bytes) -> None:
    drivers = Drivers()
    answer = await client(drivers).post("/", content=body)
    assert answer.status_code == 204
    assert len(drivers.parking.parked) == 1
    assert "\0" not in drivers.parking.parked[0][1]


async def test_a_caller_without_a_google_token_is_refused_before_anything_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FUNCTION_URL_TEMPLATE", "http://face/{service}")
    monkeypatch.setenv("OIDC_CERTS_URL", "http://127.0.0.1:9/certs")
    monkeypatch.setenv("INVOKER_SERVICE_ACCOUNT", "invoker@p.iam.gserviceaccount.com")
    drivers = Drivers()
    answer = await client(drivers).post("/", json=pushed({}))
    assert answer.status_code == 401
    assert drivers.delivered == []
