"""The stack's two listeners, public and internal, joined to the functions behind them."""

import socket
from collections.abc import Callable
from typing import Any

from workflows.gateway.control import Control
from workflows.gateway.forward import Forwarder, session
from workflows.gateway.health import StackHealth
from workflows.gateway.ingress import Ingress
from workflows.gateway.listener import Listener
from workflows.gateway.public import Public
from workflows.runner.addresses import Addresses
from workflows.runner.functions import Functions
from workflows.wiring import Wiring


class Front:
    """What callers meet: the gateway, and the internal ingress beside it."""

    def __init__(self, wiring: Wiring, functions: Functions, addresses: Addresses) -> None:
        self._client = session()
        self._forwarder = Forwarder(self._client, functions)
        health = StackHealth(addresses, functions, self._client)
        self._public = Public(wiring, self._forwarder, functions, health.report)
        self._wiring = wiring
        self._functions = functions
        self._listeners: list[Listener] = []

    async def open(
        self,
        public: socket.socket,
        internal: socket.socket,
        key: str,
        status: Callable[[], dict[str, Any]],
    ) -> None:
        """Answers on both sockets from now on; whoever called before has been waiting."""
        control = Control(self._functions, status)
        ingress = Ingress(self._wiring, self._forwarder, control.answer, key)
        for bound, answer in ((public, self._public.answer), (internal, ingress.answer)):
            listener = Listener(bound, answer)
            self._listeners.append(listener)
            await listener.start()

    async def close(self) -> None:
        """Lets travellers' calls finish, then the functions, then what calls them from inside."""
        for listener in self._listeners[:1]:
            await listener.stop()
        await self._functions.close()
        for listener in self._listeners[1:]:
            await listener.stop()
        await self._client.close()
