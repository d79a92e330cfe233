"""Hands a request to a function's process and its answer back, streaming both ways."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from workflows.gateway import problems
from workflows.gateway.headers import end_to_end, passed_on
from workflows.runner.function_process import FunctionDown
from workflows.wiring import Function

# Whole in memory where it is this small: one write instead of a stream.
SMALL = 64 * 1024
# Shorter than the two seconds after which the functions' server closes an idle connection.
KEEP_ALIVE_S = 1.0
_BODILESS = (204, 304)
_STARTED = web.RequestKey("started", web.StreamResponse)


class Backend(Protocol):
    """Where functions answer."""

    async def url(self, function: str) -> str:
        """Base URL of the function's process, started if need be; raises FunctionDown."""


def session() -> aiohttp.ClientSession:
    """The client of all functions: pooled connections, nothing decoded or added."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=5.0),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
        read_bufsize=2 * SMALL,
        trust_env=False,
    )


class Forwarder:
    """Forwards requests over one client session."""

    def __init__(self, client: aiohttp.ClientSession, backend: Backend) -> None:
        self.client = client
        self._backend = backend

    async def forward(
        self, request: web.BaseRequest, function: Function, target: str
    ) -> web.StreamResponse:
        """The function's answer to the request at `target` (path and query), or a problem."""
        headers = passed_on(request.headers, request.remote)
        try:
            response = await self._answered(request, function, target, headers)
        except FunctionDown as error:
            response = problems.function_down(
                error.function, str(error), error.log_line, error.retry_after
            )
        except TimeoutError:
            too_slow = problems.function_too_slow(function.name, function.timeout)
            response = _cut_off(request) or too_slow
        except aiohttp.ClientError:
            response = _cut_off(request) or problems.function_broke_off(function.name)
        if not response.prepared:
            response.headers["X-Request-Id"] = headers["X-Request-Id"]
        return response

    async def _answered(
        self,
        request: web.BaseRequest,
        function: Function,
        target: str,
        headers: CIMultiDict[str],
    ) -> web.StreamResponse:
        body = await _body(request)
        url = await self._backend.url(function.name)
        async with asyncio.timeout(function.timeout):
            try:
                upstream = await self._call(request.method, url + target, headers, body)
            except aiohttp.ClientConnectorError:
                # Nothing was sent: the process ended between the look-up and the call.
                url = await self._backend.url(function.name)
                upstream = await self._call(request.method, url + target, headers, body)
            async with upstream:
                return await _handed_back(request, upstream, headers["X-Request-Id"])

    async def _call(
        self,
        method: str,
        url: str,
        headers: CIMultiDict[str],
        body: bytes | AsyncIterator[bytes] | None,
    ) -> aiohttp.ClientResponse:
        return await self.client.request(
            method, URL(url, encoded=True), headers=headers, data=body, allow_redirects=False
        )


async def _body(request: web.BaseRequest) -> bytes | AsyncIterator[bytes] | None:
    if not request.body_exists:
        return None
    if request.headers.get("Expect", "").lower() == "100-continue":
        assert request.transport
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if request.content_length is not None and request.content_length <= SMALL:
        return await request.read()
    return request.content.iter_any()


async def _handed_back(
    request: web.BaseRequest, upstream: aiohttp.ClientResponse, request_id: str
) -> web.StreamResponse:
    headers = end_to_end(upstream.headers)
    headers["X-Request-Id"] = request_id
    size = 0 if upstream.status in _BODILESS else upstream.content_length
    if size is not None and size <= SMALL:
        body = await upstream.read()
        return web.Response(body=body or None, status=upstream.status, headers=headers)
    response = web.StreamResponse(status=upstream.status, reason=upstream.reason, headers=headers)
    request[_STARTED] = response
    await response.prepare(request)
    async for piece in upstream.content.iter_any():
        await response.write(piece)
    await response.write_eof()
    return response


def _cut_off(request: web.BaseRequest) -> web.StreamResponse | None:
    """The answer whose status is out already: only a cut connection tells it is not whole."""
    started: web.StreamResponse | None = request.get(_STARTED)
    if started and request.transport:
        request.transport.abort()
    return started
