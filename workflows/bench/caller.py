"""The client of the benchmarks: calls the gateway, or a function alone, and checks the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from workflows.errors import StackError


class RequestFailed(StackError):
    """A request of the benchmark was not answered as it should be, so nothing can be measured."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: a whole URL, and a body that goes out as JSON unless it is None."""

    method: str
    url: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: its body, and the wall seconds from the first byte sent to the last read."""

    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


class Caller:
    """`async with Caller() as caller:` keeps its connections alive between calls."""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=330),
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def call(self, request: Request) -> Answer:
        """Return the answer where it is a 2xx; raise RequestFailed with what was said instead."""
        data = None if request.body is None else orjson.dumps(request.body)
        headers = {"Content-Type": "application/json", **request.headers}
        began = perf_counter()
        try:
            async with self._session.request(
                request.method, request.url, data=data, headers=headers
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RequestFailed(f"{request.method} {request.url} failed: {error!r}.") from error
        if response.status // 100 != 2:
            said = body.decode(errors="replace")[:500]
            raise RequestFailed(f"{request.method} {request.url} got {response.status}: {said}")
        return Answer(body, perf_counter() - began)
