"""The gateway hands requests and answers on unchanged, streaming, and tells what went wrong."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from tests.workflows.upstream import gateway_before
from workflows.runner.function_process import FunctionDown


async def echo(request: web.Request) -> web.Response:
    body = await request.read()
    facts = {"path": request.raw_path, "method": request.method, "size": len(body)}
    return web.json_response({**facts, "headers": dict(request.headers)})


async def test_path_and_query_reach_the_function_as_they_were_written() -> None:
    async with gateway_before(echo) as gateway:
        url = f"{gateway.url}/trips/a%2Fb%C3%A9?q=%20x&q=+y"
        async with gateway.client.get(URL(url, encoded=True)) as answer:
            facts = await answer.json()
    assert facts["path"] == "/trips/a%2Fb%C3%A9?q=%20x&q=+y"


async def test_a_body_of_any_size_reaches_the_function_whole() -> None:
    async with gateway_before(echo) as gateway:
        for size in (0, 1, 64 * 1024, 64 * 1024 + 1, 900_000):
            async with gateway.client.post(f"{gateway.url}/trips/7", data=b"x" * size) as answer:
                assert (await answer.json())["size"] == size


async def test_status_headers_and_every_cookie_come_back() -> None:
    async def answer(request: web.Request) -> web.Response:
        response = web.Response(status=418, body=b"tea", headers={"X-Model-Version": "llm/1"})
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    async with (
        gateway_before(answer) as gateway,
        gateway.client.get(f"{gateway.url}/trips/7") as response,
    ):
        assert (response.status, await response.read()) == (418, b"tea")
        assert response.headers["X-Model-Version"] == "llm/1"
        assert len(response.headers.getall("Set-Cookie")) == 2


async def test_an_answer_without_a_body_stays_without_one() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=204)

    async with (
        gateway_before(answer) as gateway,
        gateway.client.post(f"{gateway.url}/trips/7") as response,
    ):
        assert (response.status, await response.read()) == (204, b"")


async def test_what_the_function_streams_arrives_before_it_has_finished() -> None:
    first_seen = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"one")
        await first_seen.wait()
        await response.write(b"two")
        return response

    async with (
        gateway_before(answer) as gateway,
        gateway.client.get(f"{gateway.url}/trips/7") as response,
    ):
        assert await response.content.readexactly(3) == b"one"
        first_seen.set()
        assert await response.content.read() == b"two"


async def test_what_the_caller_streams_arrives_before_it_has_finished() -> None:
    first_seen = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        assert await request.content.readexactly(3) == b"one"
        first_seen.set()
        return web.Response(body=await request.content.read())

    async def body() -> AsyncIterator[bytes]:
        yield b"one"
        await first_seen.wait()
        yield b"two"

    async with (
        gateway_before(answer) as gateway,
        gateway.client.post(f"{gateway.url}/trips/7", data=body()) as response,
    ):
        assert await response.read() == b"two"


async def test_a_caller_who_leaves_ends_the_functions_call() -> None:
    came, left = asyncio.Event(), asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        came.set()
        try:
            await asyncio.Event().wait()
        finally:
            left.set()
        return web.Response()

    async with gateway_before(answer) as gateway:
        call = asyncio.create_task(gateway.client.get(f"{gateway.url}/trips/7").__aenter__())
        await came.wait()
        call.cancel()
        await asyncio.wait_for(left.wait(), 5)


async def test_a_path_that_nothing_answers_is_a_problem_document() -> None:
    async with (
        gateway_before(echo) as gateway,
        gateway.client.get(f"{gateway.url}/elsewhere") as response,
    ):
        assert (response.status, response.content_type) == (404, "application/problem+json")
        assert response.headers["X-Model-Version"] == "none"
        assert "/elsewhere" in (await response.json())["detail"]


async def test_headers_that_no_function_would_read_are_a_problem_document() -> None:
    async with gateway_before(echo) as gateway:
        url = f"{gateway.url}/trips/7"
        async with gateway.client.get(url, headers={"Cookie": "c" * 7_000}) as response:
            assert response.status == 200
        async with gateway.client.get(url, headers={"Cookie": "c" * 16_000}) as response:
            assert (response.status, response.content_type) == (431, "application/problem+json")
            assert response.headers["X-Model-Version"] == "none"
            assert "fewer or smaller cookies" in (await response.json())["detail"]


async def test_a_method_that_a_path_does_not_take_is_told_with_those_it_does() -> None:
    async with (
        gateway_before(echo) as gateway,
        gateway.client.delete(f"{gateway.url}/trips/7") as response,
    ):
        assert (response.status, response.headers["Allow"]) == (405, "GET, POST")
        assert (await response.json())["status"] == 405


async def test_a_function_that_breaks_off_is_a_502() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    async with (
        gateway_before(answer) as gateway,
        gateway.client.post(f"{gateway.url}/trips/7", data=b"{}") as response,
    ):
        body = await response.json()
    assert (body["status"], body["function"]) == (502, "write_trip")
    assert response.headers["X-Model-Version"] == "none"


async def test_a_function_slower_than_its_timeout_is_a_504() -> None:
    async def answer(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    async with (
        gateway_before(answer, seconds=0.05) as gateway,
        gateway.client.get(f"{gateway.url}/trips/7") as response,
    ):
        body = await response.json()
    assert (body["status"], body["function"]) == (504, "read_trip")


async def test_a_stream_that_breaks_off_is_cut_and_never_looks_whole() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"one")
        assert request.transport
        request.transport.abort()
        return response

    async with gateway_before(answer) as gateway:
        with pytest.raises(aiohttp.ClientError):
            async with gateway.client.get(f"{gateway.url}/trips/7") as response:
                await response.read()


async def test_a_function_that_cannot_start_is_a_503_with_its_last_words() -> None:
    async with gateway_before(echo) as gateway:
        gateway.backend.down = FunctionDown("read_trip", "ended with status 1", "no settings", 3.0)
        async with gateway.client.get(f"{gateway.url}/trips/7") as response:
            body = await response.json()
    assert (response.status, response.headers["Retry-After"]) == (503, "3")
    assert (body["function"], body["log_line"]) == ("read_trip", "no settings")


async def test_a_refusal_before_the_body_was_read_reaches_the_caller() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=413)

    async with gateway_before(answer) as gateway:
        for size in (65 * 1024, 5_000_000):
            async with gateway.client.post(
                f"{gateway.url}/trips/7", data=BytesIO(b"x" * size)
            ) as response:
                assert response.status == 413


async def test_five_hundred_calls_at_once_are_all_answered() -> None:
    arrived = 0
    all_here = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        nonlocal arrived
        arrived += 1
        if arrived == 500:
            all_here.set()
        await all_here.wait()
        return web.Response()

    async with gateway_before(answer, seconds=20.0) as gateway:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as client:

            async def call() -> int:
                async with client.post(f"{gateway.url}/trips/7", data=b"{}") as response:
                    return response.status

            statuses = await asyncio.gather(*(call() for _ in range(500)))
    assert statuses == [200] * 500


async def test_the_index_lists_the_routes() -> None:
    async with gateway_before(echo) as gateway, gateway.client.get(gateway.url) as response:
        assert "POST   /trips/{id}" in await response.text()


async def test_health_is_asked_deeply_only_where_the_caller_says_so() -> None:
    async with gateway_before(echo) as gateway:
        for query, deep in (("", False), ("?deep=1", True)):
            async with gateway.client.get(f"{gateway.url}/health{query}") as response:
                assert await response.json() == {"deep": deep}
