"""A WebSocket passes through the gateway: messages, pings, subprotocol, close codes, refusals."""

import asyncio

import pytest
from aiohttp import web
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.workflows.upstream import gateway_before


async def echo(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse(protocols=("trips.v1",))
    await socket.prepare(request)
    await socket.send_str(f"{request.raw_path} {request.headers['Authorization']}")
    async for message in socket:
        if message.data == "leave":
            await socket.close(code=4001, message=b"left")
        elif isinstance(message.data, str):
            await socket.send_str(message.data)
        else:
            await socket.send_bytes(message.data)
    return socket


def joined(url: str) -> connect:
    return connect(
        url.replace("http", "ws") + "/trips/7?after=3",
        additional_headers={"Authorization": "Bearer word"},
        subprotocols=["trips.v1"],  # type: ignore[list-item]
        proxy=None,
    )


async def hello(socket: ClientConnection) -> str:
    said = await socket.recv()
    assert isinstance(said, str)
    return said


async def test_path_headers_and_subprotocol_reach_the_function() -> None:
    async with gateway_before(echo) as gateway, joined(gateway.url) as socket:
        assert await hello(socket) == "/trips/7?after=3 Bearer word"
        assert socket.subprotocol == "trips.v1"


async def test_text_and_bytes_come_back_as_they_went() -> None:
    async with gateway_before(echo) as gateway, joined(gateway.url) as socket:
        await hello(socket)
        for message in ("plan", b"\x00\xff", "x" * 200_000):
            await socket.send(message)
            assert await socket.recv() == message


async def test_a_ping_is_answered_by_the_other_end() -> None:
    async with gateway_before(echo) as gateway, joined(gateway.url) as socket:
        await hello(socket)
        await asyncio.wait_for(await socket.ping(b"are you there"), 5)


async def test_the_functions_close_code_reaches_the_caller() -> None:
    async with gateway_before(echo) as gateway, joined(gateway.url) as socket:
        await hello(socket)
        await socket.send("leave")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4001


async def test_the_callers_close_code_reaches_the_function() -> None:
    heard: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def answer(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        heard.set_result(socket.close_code)
        return socket

    async with gateway_before(answer) as gateway:
        async with connect(gateway.url.replace("http", "ws") + "/trips/7", proxy=None) as socket:
            await socket.close(4002)
        assert await asyncio.wait_for(heard, 5) == 4002


async def test_a_refusal_reaches_the_caller_as_a_status() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=401)

    async with gateway_before(answer) as gateway:
        with pytest.raises(InvalidStatus) as refused:
            async with joined(gateway.url):
                pass
    assert refused.value.response.status_code == 401
