"""Passes a WebSocket through: frames, pings and close codes both ways."""

import asyncio

import aiohttp
from aiohttp import WSMsgType, web
from multidict import CIMultiDict
from yarl import URL

from workflows.gateway import problems
from workflows.gateway.forward import Backend
from workflows.gateway.headers import passed_on
from workflows.runner.function_process import FunctionDown
from workflows.wiring import Function

_HANDSHAKE = ("Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions")
_PROTOCOLS = "Sec-WebSocket-Protocol"
_UNSENDABLE = (1005, 1006, 1015)  # RFC 6455 7.4.1: they never stand in a close frame
_WENT_AWAY = 1001

Either = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


def wanted(request: web.BaseRequest) -> bool:
    """Whether the request asks for a WebSocket."""
    return request.headers.get("Upgrade", "").lower() == "websocket"


async def passed_through(
    request: web.BaseRequest,
    function: Function,
    target: str,
    client: aiohttp.ClientSession,
    backend: Backend,
) -> web.StreamResponse:
    """Joins the caller's WebSocket to the function's until one of them closes.

    The function answers first, so that its refusal (say 401) reaches the caller as such.
    """
    headers = passed_on(request.headers, request.remote)
    protocols = [name.strip() for name in headers.pop(_PROTOCOLS, "").split(",") if name.strip()]
    for name in _HANDSHAKE:
        headers.pop(name, None)
    try:
        url = await backend.url(function.name)
        upstream = await _joined(client, url + target, headers, protocols)
    except FunctionDown as error:
        return problems.function_down(error.function, str(error), error.log_line, error.retry_after)
    except aiohttp.WSServerHandshakeError as error:
        return problems.refusal(
            error.status, "WebSocket refused", f"The function {function.name} refused to open it."
        )
    except aiohttp.ClientError:
        return problems.function_broke_off(function.name)
    chosen = [upstream.protocol] if upstream.protocol else []
    down = web.WebSocketResponse(autoping=False, max_msg_size=0, protocols=chosen, compress=False)
    async with upstream:
        await down.prepare(request)
        await _pumped(down, upstream)
    return down


async def _joined(
    client: aiohttp.ClientSession, url: str, headers: CIMultiDict[str], protocols: list[str]
) -> aiohttp.ClientWebSocketResponse:
    return await client.ws_connect(
        URL(url, encoded=True), headers=headers, protocols=protocols, autoping=False, max_msg_size=0
    )


async def _pumped(down: web.WebSocketResponse, up: aiohttp.ClientWebSocketResponse) -> None:
    pumps = [asyncio.create_task(_pump(down, up)), asyncio.create_task(_pump(up, down))]
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    finally:  # also where the caller is gone already, which cancels us
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        code = down.close_code or up.close_code
        code = _WENT_AWAY if code is None or code in _UNSENDABLE else code
        await asyncio.gather(up.close(code=code), down.close(code=code))


async def _pump(source: Either, sink: Either) -> None:
    """Copies messages until the source closes."""
    async for message in source:
        match message.type:
            case WSMsgType.TEXT:
                await sink.send_str(message.data)
            case WSMsgType.BINARY:
                await sink.send_bytes(message.data)
            case WSMsgType.PING:
                await sink.ping(message.data)
            case WSMsgType.PONG:
                await sink.pong(message.data)
