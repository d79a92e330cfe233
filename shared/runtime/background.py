"""The face of a background function: checks the caller, acknowledges or asks for a retry."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from shared.runtime import log
from shared.runtime.call import NO_MODEL
from shared.runtime.callers import verify_caller
from shared.runtime.clock import now
from shared.runtime.envelopes import Delivery, open_envelope
from shared.runtime.errors import Refusal, TryAgain
from shared.runtime.face import Endpoint, guarded, read_body
from shared.runtime.opening import Joined, Opening
from shared.runtime.replies import refuse
from shared.runtime.settings import read_settings

# Pub/Sub's largest message is 10 MB and base64 adds a third.
_DELIVERY_LIMIT = 14 * 1024 * 1024
_PARKED_BYTES = 256 * 1024


class Parking(Protocol):
    """Where a message that can never succeed is kept."""

    async def park(self, function: str, body: str, reason: str, at: datetime) -> None:
        """Keep the message with the reason."""


class BackgroundDrivers(Protocol):
    """What every background function joins, beside what it needs itself."""

    @property
    def parking(self) -> Parking:
        """Where messages that can never succeed are kept."""


D = TypeVar("D", bound=BackgroundDrivers)
Handler = Callable[[Delivery, D], Awaitable[None]]


def background_face(
    join: Callable[[Opening], Awaitable[D]],
) -> Callable[[Handler[D]], Endpoint]:
    """Return a decorator that serves `handler(delivery, drivers)` to Pub/Sub, Tasks and Scheduler.

    204 acknowledges, also when the message was parked; 503 asks for another delivery.
    """

    def decorate(handler: Handler[D]) -> Endpoint:
        joined = Joined(join)

        async def serve(request: Request) -> Response:
            settings = read_settings()
            function = handler.__name__
            await verify_caller(request.headers, settings, settings.function_url(function))
            drivers = await joined.drivers()
            body = await read_body(request, _DELIVERY_LIMIT)
            try:
                await handler(open_envelope(request.headers, body), drivers)
            except TryAgain as refusal:
                log.event("delivery.returned", function=function, reason=str(refusal))
                return refuse(refusal)
            except Refusal as refusal:
                log.event("delivery.parked", function=function, reason=str(refusal))
                kept = body[:_PARKED_BYTES].decode(errors="replace").replace("\0", "\ufffd")
                await drivers.parking.park(function, kept, str(refusal), now())
            return Response(status_code=204, headers={"X-Model-Version": NO_MODEL})

        return guarded(handler, joined, serve)

    return decorate
