"""`python -m workflows.gateway`: the gateway alone, for functions that other containers run."""

import argparse
import asyncio
import os
import signal
import socket
from typing import Any

import aiohttp
import uvloop

from workflows.gateway.forward import Forwarder, session
from workflows.gateway.listener import Listener
from workflows.gateway.public import Public
from workflows.manifest import load
from workflows.wiring import Wiring

PATIENCE_S = 4.0
OK = "ok"


class Elsewhere:
    """Functions that run elsewhere, each at the address that `template` gives its service."""

    def __init__(self, wiring: Wiring, template: str, client: aiohttp.ClientSession) -> None:
        self._wiring = wiring
        self._template = template
        self._client = client

    async def url(self, function: str) -> str:
        """Base URL of the function."""
        return self._wiring.functions[function].url(self._template)

    async def health(self, *, deep: bool) -> tuple[int, dict[str, Any]]:
        """Status and body: 200, or 503 with the names of the functions that are unhealthy.

        They run whether they are called or not, so a deep look is no deeper.
        """
        names = list(self._wiring.functions)
        states = await asyncio.gather(*(self._state(name) for name in names))
        functions = dict(zip(names, states, strict=True))
        unhealthy = [name for name, state in functions.items() if state != OK]
        body = {"status": "unhealthy" if unhealthy else OK, "unhealthy": unhealthy}
        return 503 if unhealthy else 200, {**body, "functions": functions}

    async def _state(self, name: str) -> str:
        patience = aiohttp.ClientTimeout(total=PATIENCE_S)
        try:
            async with self._client.get(await self.url(name) + "/health", timeout=patience) as said:
                text = (await said.text())[:300]
        except TimeoutError:
            return f"no answer within {PATIENCE_S:g} s"
        except aiohttp.ClientError as error:
            return str(error) or type(error).__name__
        return OK if said.status == 200 else f"answered {said.status}: {text}"


async def serve(bound: socket.socket, wiring: Wiring, template: str) -> None:
    """Routes what comes in on `bound` until SIGTERM or SIGINT."""
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    async with session() as client:
        functions = Elsewhere(wiring, template, client)
        public = Public(wiring, Forwarder(client, functions), functions, functions.health)
        listener = Listener(bound, public.answer)
        await listener.start()
        await told_to_stop.wait()
        await listener.stop()


def main() -> None:
    """Serves before the functions at FUNCTION_URL_TEMPLATE."""
    parser = argparse.ArgumentParser(prog="python -m workflows.gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    arguments = parser.parse_args()
    template = os.environ.get("FUNCTION_URL_TEMPLATE")
    if not template:
        parser.error("set FUNCTION_URL_TEMPLATE, such as http://{service}:8080")
    bound = socket.create_server((arguments.host, arguments.port), backlog=2048)
    uvloop.run(serve(bound, load(), template))


if __name__ == "__main__":
    main()
