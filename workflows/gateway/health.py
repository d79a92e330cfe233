"""Asks everything in the stack whether it is well, by name."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from workflows.runner.addresses import Addresses
from workflows.runner.function_process import FunctionDown
from workflows.runner.functions import Functions

PATIENCE_S = 2.0
DEEP_PATIENCE_S = 60.0
# A function that starts beside all others is too slow to say that it is well.
STARTS_AT_ONCE = 2
OK = "ok"
Check = Callable[[], Awaitable[None]]


class Unwell(RuntimeError):
    """What answered is not well; the text says how."""


class StackHealth:
    """The health of one running stack."""

    def __init__(
        self, addresses: Addresses, functions: Functions, client: aiohttp.ClientSession
    ) -> None:
        self._functions = functions
        self._client = client
        self._engines: dict[str, Check] = {
            "postgres": lambda: _postgres(addresses.database_url),
            "redis": lambda: _redis(addresses.redis_url),
        }
        for name in addresses.emulators:
            self._engines[name] = self._answers(addresses.http(name) + "/_emulator/health")

    async def report(self, *, deep: bool) -> tuple[int, dict[str, Any]]:
        """Status and body: 200, or 503 with the names of what is unhealthy.

        Functions that do not run are well, unless `deep`: then each is started and asked itself.
        """
        engines = await _examined(self._engines, PATIENCE_S)
        states = {name: str(facts["state"]) for name, facts in self._functions.states().items()}
        if deep:
            two = asyncio.Semaphore(STARTS_AT_ONCE)
            asked = {name: self._function(name, two) for name in states}
            functions = await _examined(asked, DEEP_PATIENCE_S)
            unhealthy = [name for name, said in (engines | functions).items() if said != OK]
        else:
            functions = states
            unhealthy = [name for name, said in engines.items() if said != OK]
            unhealthy += [name for name, state in states.items() if state == "crashed"]
        status = "unhealthy" if unhealthy else OK
        body = {"status": status, "unhealthy": unhealthy, "engines": engines}
        return 503 if unhealthy else 200, {**body, "functions": functions}

    def _function(self, name: str, turn: asyncio.Semaphore) -> Check:
        async def check() -> None:
            async with turn:
                try:
                    url = await self._functions.url(name)
                except FunctionDown as error:
                    raise Unwell(str(error)) from None
                await self._answers(url + "/health")()

        return check

    def _answers(self, url: str) -> Check:
        async def check() -> None:
            async with self._client.get(url) as response:
                if response.status != 200:
                    said = (await response.text())[:300]
                    raise Unwell(f"answered {response.status}: {said}")

        return check


async def _examined(named: Mapping[str, Check], patience: float) -> dict[str, str]:
    """Each name with `ok` or what is wrong, all asked at the same time."""
    states = await asyncio.gather(*(_state(check, patience) for check in named.values()))
    return dict(zip(named, states, strict=True))


async def _state(check: Check, patience: float) -> str:
    try:
        async with asyncio.timeout(patience):
            await check()
    except TimeoutError:
        return f"no answer within {patience:g} s"
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what the check reports
        return f"{error}" or type(error).__name__
    return OK


async def _postgres(url: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        await connection.fetchval("SELECT 1")
    finally:
        await connection.close()


async def _redis(url: str) -> None:
    """AUTH and PING in the protocol itself: two lines do not need a client library."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(f"AUTH {parts.password}\r\nPING\r\n".encode())
        said = [await reader.readline(), await reader.readline()]
        if said != [b"+OK\r\n", b"+PONG\r\n"]:
            raise Unwell(f"answered {b' '.join(said).decode(errors='replace').strip()}")
    finally:
        writer.close()
