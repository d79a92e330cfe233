"""A public function's face: who may call, what may come in, what an error looks like outside."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

import httpx
import pytest
from pydantic import BaseModel, ConfigDict, Field
from starlette.applications import Starlette
from starlette.routing import Route

from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.clock import now
from shared.runtime.errors import Refusal
from shared.runtime.face import BODY_LIMIT, public_face
from shared.runtime.opening import Opening
from shared.runtime.session_tokens import encode_v4

SECRET = "a secret of more than sixteen letters"


class TeapotRefused(Refusal):
    status = 418
    title = "Teapot"


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cups: Annotated[int, Field(ge=1, le=9)]


@dataclass
class People:
    entered: list[str] = field(default_factory=list)
    asleep: bool = False

    async def enter(self, user_id: str, at: datetime) -> Person:
        if self.asleep:
            await asyncio.sleep(3600)
        self.entered.append(user_id)
        return Person(user_id, "admin" if user_id == "boss" else "traveller")


@dataclass
class Drivers:
    people: People


@dataclass
class House:
    """A face over fakes, and what happened to it."""

    handler: Callable[[Call, Person], Reply] = lambda call, person: Reply(200, {"you": person.id})
    joins: int = 0
    failing_joins: int = 0
    checks: dict[str, bool] = field(default_factory=lambda: {"postgres": True})
    people: People = field(default_factory=People)

    async def join(self, opening: Opening) -> Drivers:
        self.joins += 1
        await asyncio.sleep(0)
        if self.joins <= self.failing_joins:
            raise ConnectionRefusedError("postgres at 10.0.0.7 refused")

        def check(well: bool) -> Callable[[], Any]:
            async def ask() -> None:
                if not well:
                    raise ConnectionError("gone")

            return ask

        for name, well in self.checks.items():
            opening.check(name, check(well))
        return Drivers(self.people)

    def client(self, *, admin: bool = False, budget_seconds: float = 10.0) -> httpx.AsyncClient:
        @public_face(self.join, admin=admin, budget_seconds=budget_seconds)
        async def pour(call: Call, person: Person, drivers: Drivers) -> Reply:
            return self.handler(call, person)

        routes = [Route("/{path:path}", pour, methods=["GET", "POST"])]
        transport = httpx.ASGITransport(Starlette(routes=routes))
        return httpx.AsyncClient(transport=transport, base_url="http://face")


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEXTAUTH_SECRET", SECRET)


def signed_in(user_id: str = "ana") -> dict[str, str]:
    claims = {"sub": user_id, "exp": now().timestamp() + 600}
    return {"Authorization": f"Bearer {encode_v4(claims, SECRET)}"}


def assert_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-model-version"] == "none"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["detail"].endswith(".")
    return body


async def test_a_reply_carries_the_models_that_took_part() -> None:
    house = House(lambda call, person: Reply(200, {"you": person.id}, "llm_ranker/x"))
    answer = await house.client().post("/pour", headers=signed_in())
    assert answer.json() == {"you": "ana"}
    assert answer.headers["x-model-version"] == "llm_ranker/x"


async def test_nobody_is_looked_up_without_a_good_token() -> None:
    house = House()
    missing = await house.client().post("/pour")
    forged = await house.client().post("/pour", headers={"Authorization": "Bearer forged"})
    assert_problem(missing, 401)
    assert_problem(forged, 401)
    assert missing.headers["www-authenticate"] == "Bearer"
    assert house.people.entered == []


async def test_an_admin_route_refuses_a_traveller_and_serves_an_administrator() -> None:
    client = House().client(admin=True)
    assert_problem(await client.post("/pour", headers=signed_in("ana")), 403)
    assert (await client.post("/pour", headers=signed_in("boss"))).status_code == 200


async def test_a_refusal_is_a_problem_with_its_own_status_and_sentence() -> None:
    def refuse(call: Call, person: Person) -> Reply:
        raise TeapotRefused("Ask for tea.")

    body = assert_problem(await House(refuse).client().post("/pour", headers=signed_in()), 418)
    assert (body["title"], body["detail"]) == ("Teapot", "Ask for tea.")


async def test_an_unexpected_error_shows_nothing_of_itself_but_a_trace_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def break_down(call: Call, person: Person) -> Reply:
        raise RuntimeError("password=hunter2")

    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {**signed_in(), "traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    answer = await House(break_down).client().post("/pour", headers=headers)
    assert assert_problem(answer, 500)["trace_id"] == trace
    assert "hunter2" not in answer.text
    logged = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert logged["trace_id"] == trace
    assert "RuntimeError" in logged["stack_trace"]


async def test_a_body_over_the_limit_is_refused_before_it_is_read_whole() -> None:
    house = House(lambda call, person: Reply(200, {"bytes": len(call.body)}))
    client = house.client()
    most = await client.post("/pour", headers=signed_in(), content=b"x" * BODY_LIMIT)
    assert most.json() == {"bytes": BODY_LIMIT}
    assert_problem(
        await client.post("/pour", headers=signed_in(), content=b"x" * (BODY_LIMIT + 1)), 413
    )


async def test_a_chunked_body_without_a_length_meets_the_same_limit() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1024

    answer = await House().client().post("/pour", headers=signed_in(), content=chunks())
    assert_problem(answer, 413)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"{", 400, "is not JSON"),
        (b"[1]", 400, "not an object"),
        (b"", 400, "is not JSON"),
        (b'{"cups": 10}', 422, "cups: input should be less than or equal to 9"),
        (b'{"cups": 1, "milk": true}', 422, "milk: is not a field of this route"),
        (b"{}", 422, "cups: is required"),
    ],
)
async def test_a_bad_body_is_answered_with_what_to_change(
    body: bytes, status: int, says: str
) -> None:
    def pour(call: Call, person: Person) -> Reply:
        return Reply(200, {"cups": call.parse(Order).cups})

    answer = await House(pour).client().post("/pour", headers=signed_in(), content=body)
    assert says in assert_problem(answer, status)["detail"]


async def test_concurrent_first_requests_join_the_drivers_once() -> None:
    house = House()
    client = house.client()
    answers = await asyncio.gather(*(client.post("/pour", headers=signed_in()) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert house.joins == 1


async def test_an_engine_that_is_away_at_first_is_tried_again_by_the_next_request() -> None:
    house = House(failing_joins=1)
    client = house.client()
    first = await client.post("/pour", headers=signed_in())
    assert "10.0.0.7" not in assert_problem(first, 503)["detail"]
    assert first.headers["retry-after"] == "1"
    assert (await client.post("/pour", headers=signed_in())).status_code == 200


async def test_a_call_that_waits_for_ever_is_answered_in_its_time() -> None:
    house = House()
    house.people.asleep = True
    began = asyncio.get_running_loop().time()
    answer = await house.client(budget_seconds=0.1).post("/pour", headers=signed_in())
    assert asyncio.get_running_loop().time() - began < 2
    assert "send the same request again" in assert_problem(answer, 503)["detail"]
    assert answer.headers["retry-after"] == "1"


async def test_health_needs_no_token_and_names_what_is_unhealthy() -> None:
    well = await House().client().get("/health")
    assert (well.status_code, well.json()["checks"]) == (200, {"postgres": "ok"})
    ill = await House(checks={"postgres": True, "redis": False}).client().get("/health")
    assert ill.status_code == 503
    assert ill.json()["checks"] == {"postgres": "ok", "redis": "ConnectionError: gone"}
