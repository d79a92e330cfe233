"""The internal listener: `/{service}/...` is a function's own address, as a run.app host is."""

import hmac

from aiohttp import web

from workflows.gateway import problems
from workflows.gateway.forward import Forwarder
from workflows.gateway.public import Handler
from workflows.runner.addresses import CONTROL, KEY_HEADER
from workflows.wiring import Wiring


class Ingress:
    """Answers Pub/Sub, Cloud Tasks, Scheduler, and the stack's own command line."""

    def __init__(self, wiring: Wiring, forwarder: Forwarder, control: Handler, key: str) -> None:
        self._wiring = wiring
        self._forwarder = forwarder
        self._control = control
        self._key = key.encode()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request; callers are checked by the functions, as in production."""
        _, _, below = request.raw_path.partition("/")
        service, slash, rest = below.partition("/")
        if not slash:
            service, question, query = service.partition("?")
            rest = question + query
        if service == CONTROL:
            return await self._controlled(request)
        function = self._wiring.by_service.get(service)
        if function is None:
            return problems.refusal(404, "No such service", f"No function is named {service!r}.")
        return await self._forwarder.forward(request, function, f"/{rest}")

    async def _controlled(self, request: web.BaseRequest) -> web.StreamResponse:
        shown = request.headers.get(KEY_HEADER, "").encode()
        if not hmac.compare_digest(shown, self._key):
            return problems.refusal(403, "Key refused", f"Send the stack's key in {KEY_HEADER}.")
        return await self._control(request)
