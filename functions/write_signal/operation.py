"""Takes one behavioral signal: checks it, adds what the server knows, and makes it durable."""

from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.nodes.taxonomy import DayPart
from shared.runtime import log
from shared.runtime.errors import TryAgain
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotFacts
from shared.signals.types import ClientSignal


class SignalContext(BaseModel):
    """What a client may say of the moment; the server's own facts win."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_to_action_ms: Annotated[int, Field(ge=0, le=86_400_000, strict=True)] | None = None
    day_of_trip: Annotated[int, Field(ge=1, le=30, strict=True)] | None = None
    day_part: DayPart | None = None
    group_size: Annotated[int, Field(ge=1, le=50, strict=True)] | None = None


class SignalRequest(BaseModel):
    """The body of `POST /api/v1/signals`; the client makes `signal_id`, so that it may resend."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signal_id: UUID
    signal_type: ClientSignal
    activity_node_id: UUID
    trip_id: UUID
    context: SignalContext = SignalContext()


class SignalNotTaken(TryAgain):
    """Neither the topic nor the table could take the signal."""

    def __init__(self) -> None:
        super().__init__("The signal was not stored; send it again with the same signal_id.")


class NotConfirmed(Exception):
    """A way of making a signal durable failed."""


class Signals(Protocol):
    """Where trips' slots are known and signals are stored."""

    async def find_slot(self, user_id: str, trip_id: UUID, node_id: UUID) -> SlotFacts:
        """Return the slot; raise SignalTripUnknown or NodeNotInTrip."""


class Way(Protocol):
    """A way of making a signal durable."""

    async def __call__(self, signal: Signal) -> None:
        """Return once the signal cannot be lost any more; raise NotConfirmed."""


async def write(
    request: SignalRequest, user_id: str, at: datetime, signals: Signals, ways: list[Way]
) -> dict[str, Any]:
    """Return the body of the 202 once one of the ways, tried in order, has made the signal durable.

    Raises SignalTripUnknown, NodeNotInTrip, and SignalNotTaken where every way failed.
    """
    slot = await signals.find_slot(user_id, request.trip_id, request.activity_node_id)
    signal = _signal(request, user_id, at, slot)
    for way in ways:
        try:
            await way(signal)
        except NotConfirmed as error:
            log.failure("signal.way_failed", error)
        else:
            return {"signal_id": str(signal.signal_id), "status": "accepted"}
    raise SignalNotTaken


def _signal(request: SignalRequest, user_id: str, at: datetime, slot: SlotFacts) -> Signal:
    context = request.context.model_dump(exclude_none=True)
    return Signal(
        signal_id=request.signal_id,
        user_id=user_id,
        signal_type=request.signal_type,
        origin="app",
        activity_node_id=request.activity_node_id,
        trip_id=request.trip_id,
        slot_id=slot.slot_id,
        ranking_id=slot.ranking_id,
        model_version=slot.model_version,
        context={
            **context,
            "day_of_trip": slot.day_number,
            "day_part": slot.day_part,
            "group_size": 1,
        },
        created_at=at,
    )
