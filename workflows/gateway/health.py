"""Asks everything in the stack whether it is well, by name."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from workflows.local.addresses import Addresses

PATIENCE_S = 2.0
OK = "ok"
Check = Callable[[], Awaitable[None]]


class Unwell(RuntimeError):
    """What answered is not well; the text says how."""


def checks(addresses: Addresses, client: aiohttp.ClientSession) -> Mapping[str, Check]:
    """A check for each engine and emulator, by name; it raises where that one is unwell."""
    found: dict[str, Check] = {
        "postgres": lambda: _postgres(addresses.database_url),
        "redis": lambda: _redis(addresses.redis_url),
        "qdrant": lambda: http_ok(client, addresses.qdrant_url + "/healthz"),
    }
    for name in addresses.emulators:
        url = addresses.http(name) + "/_emulator/health"
        found[name] = lambda url=url: http_ok(client, url)  # type: ignore[misc]
    return found


async def examined(named: Mapping[str, Check]) -> dict[str, str]:
    """Each name with `ok` or what is wrong, asked at the same time, two seconds at most."""
    states = await asyncio.gather(*(_state(check) for check in named.values()))
    return dict(zip(named, states, strict=True))


async def http_ok(client: aiohttp.ClientSession, url: str) -> None:
    """Raises Unwell unless a GET answers 200."""
    async with client.get(url) as response:
        if response.status != 200:
            said = (await response.text())[:300]
            raise Unwell(f"answered {response.status}: {said}")


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await check()
    except TimeoutError:
        return f"no answer within {PATIENCE_S:g} s"
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


def report(
    engines: Mapping[str, str], functions: Mapping[str, Mapping[str, Any]]
) -> tuple[int, dict[str, Any]]:
    """Status and body: 200, or 503 with the names of what is unhealthy."""
    unhealthy = [name for name, state in engines.items() if state != OK]
    unhealthy += [name for name, facts in functions.items() if facts.get("health", OK) != OK]
    body = {
        "status": "unhealthy" if unhealthy else OK,
        "unhealthy": unhealthy,
        "engines": dict(engines),
        "functions": dict(functions),
    }
    return (503 if unhealthy else 200), body
