"""Over HTTP the document is a file; what is refused is refused before its first byte."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.clock import now
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.session_tokens import encode_v4

SECRET = "a secret of more than sixteen letters"


class People:
    async def enter(self, user_id: str, at: datetime) -> Person:
        return Person(user_id, "traveller")


@dataclass
class Drivers:
    people: People


async def test_a_streamed_reply_is_one_json_document_with_its_headers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEXTAUTH_SECRET", SECRET)

    async def join(opening: Opening) -> Drivers:
        return Drivers(People())

    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b'{"a":', b"[1,2]", b"}"):
            yield piece

    @public_face(join)
    async def pour(call: Call, person: Any, drivers: Drivers) -> Reply:
        return Reply(200, headers={"Content-Disposition": "attachment"}, stream=pieces())

    transport = httpx.ASGITransport(Starlette(routes=[Route("/pour", pour)]))
    claims = {"sub": "ana", "exp": now().timestamp() + 600}
    signed = {"Authorization": f"Bearer {encode_v4(claims, SECRET)}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://face") as client:
        answer = await client.get("/pour", headers=signed)
    assert (answer.status_code, answer.json()) == (200, {"a": [1, 2]})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-model-version"] == "none"
    assert answer.headers["cache-control"] == "no-store"
