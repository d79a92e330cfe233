"""The client takes a good answer's time, and any other answer for a failure."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from workflows.bench.caller import Caller, Request, RequestFailed
from workflows.bench.scene import served_by


async def answer(request: web.Request) -> web.Response:
    if request.path == "/busy":
        return web.Response(status=503, text="try again")
    return web.json_response({"sent": await request.json(), "type": request.content_type})


async def test_a_body_goes_out_as_json_and_the_answer_is_timed() -> None:
    application = web.Application()
    application.router.add_post("/{path}", answer)
    async with TestServer(application) as server, Caller() as caller:
        found = await caller.call(Request("POST", str(server.make_url("/trips")), {"days": 3}))
    assert found.json() == {"sent": {"days": 3}, "type": "application/json"}
    assert 0 < found.seconds < 5


async def test_an_error_is_a_failure_that_names_request_status_and_reason() -> None:
    application = web.Application()
    application.router.add_post("/{path}", answer)
    async with TestServer(application) as server, Caller() as caller:
        with pytest.raises(RequestFailed, match=r"POST .*/busy got 503: try again"):
            await caller.call(Request("POST", str(server.make_url("/busy")), {}))


async def test_no_server_is_a_failure_too() -> None:
    async with Caller() as caller:
        with pytest.raises(RequestFailed, match=r"GET http://127\.0\.0\.1:1/ failed"):
            await caller.call(Request("GET", "http://127.0.0.1:1/"))


async def test_a_trip_of_another_rung_is_not_what_is_measured() -> None:
    application = web.Application()

    async def trip(request: web.Request) -> web.Response:
        return web.json_response({"ranker": {"rung": "quality", "reason": "qdrant is away"}})

    application.router.add_post("/", trip)
    async with TestServer(application) as server, Caller() as caller:
        found = await caller.call(Request("POST", str(server.make_url("/")), {}))
    served_by(found, "quality")
    with pytest.raises(RequestFailed, match="qdrant is away"):
        served_by(found, "cache")
