"""Takes behavioral signals: judges each, and makes the good ones durable."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.runtime.errors import Refusal
from shared.signals.batch import keep_batch
from shared.signals.durable import Way, make_durable
from shared.signals.errors import SignalIdRepeated
from shared.signals.judge import judge
from shared.signals.request import SignalRequest, read_batch, read_signal
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotsOfTrips


class Trips(Protocol):
    """Where trips' slots are known."""

    async def find_slots(self, user_id: str, named: Collection[tuple[UUID, UUID]]) -> SlotsOfTrips:
        """Return, for each trip and node that are named, the slot of the traveller's own trip."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The traveller who sends signals, and when they came."""

    user_id: str
    at: datetime


async def write(
    body: dict[str, Any], sender: Sender, trips: Trips, ways: Sequence[Way]
) -> dict[str, Any]:
    """Return the body of the 202 for one signal, or for a batch under `signals`.

    Raises the Refusal of a single signal, SignalBatchRefused where no signal of a batch is good,
    FieldsRefused for what is no batch, and SignalNotTaken where every way failed: then nothing was
    acknowledged.
    """
    if "signals" in body:
        items = read_batch(body).signals
        return await keep_batch(items, await _judge_all(items, sender, trips), ways)
    (judged,) = await _judge_all([body], sender, trips)
    if isinstance(judged, Refusal):
        raise judged
    await make_durable([judged], ways)
    return {"signal_id": str(judged.signal_id), "status": "accepted"}


async def _judge_all(
    items: Sequence[Any], sender: Sender, trips: Trips
) -> Sequence[Signal | Refusal]:
    requests = [_read(item) for item in items]
    readable = [request for request in requests if isinstance(request, SignalRequest)]
    slots: SlotsOfTrips = {}
    if readable:
        slots = await trips.find_slots(
            sender.user_id,
            {(request.trip_id, request.activity_node_id) for request in readable},
        )
    named: dict[UUID, SignalRequest] = {}
    return [_judge(request, named, sender, slots) for request in requests]


def _read(item: Any) -> SignalRequest | Refusal:
    try:
        return read_signal(item)
    except Refusal as refusal:
        return refusal


def _judge(
    request: SignalRequest | Refusal,
    named: dict[UUID, SignalRequest],
    sender: Sender,
    slots: SlotsOfTrips,
) -> Signal | Refusal:
    if isinstance(request, Refusal):
        return request
    if named.setdefault(request.signal_id, request) != request:
        return SignalIdRepeated(request.signal_id)
    try:
        return judge(request, sender.user_id, sender.at, slots)
    except Refusal as refusal:
        return refusal
