"""Judges what a client sends as a signal: the row it becomes, or why it becomes none."""

from datetime import datetime, timedelta
from typing import Final, cast

from shared.signals.errors import (
    NodeNotInTrip,
    SignalFromTheFuture,
    SignalTooOld,
    SignalTripUnknown,
    SignalTypeReserved,
    SignalTypeUnknown,
    SlotNotOfNode,
)
from shared.signals.request import SignalRequest
from shared.signals.signal import Signal
from shared.signals.slot_facts import SlotFacts, SlotsOfTrips
from shared.signals.types import CLIENT_SIGNALS, SERVER_SIGNALS, ClientSignal

_CLOCKS_DIFFER: Final = timedelta(seconds=60)
_OLDEST: Final = timedelta(days=30)


def judge(request: SignalRequest, user_id: str, at: datetime, slots: SlotsOfTrips) -> Signal:
    """Return the signal that a traveller's request, taken at `at`, becomes.

    `slots` holds what the trip and node of the request name, as far as it is the traveller's own.
    Raises a Refusal of shared/signals/errors.py that says what to change.
    """
    signal_type = judge_type(request.signal_type)
    occurred_at = request.occurred_at or at
    judge_moment(occurred_at, at, at - _OLDEST)
    slot = _slot_of(request, slots)
    return Signal(
        signal_id=request.signal_id,
        user_id=user_id,
        signal_type=signal_type,
        origin="app",
        activity_node_id=request.activity_node_id,
        trip_id=request.trip_id,
        slot_id=slot.slot_id,
        ranking_id=slot.ranking_id,
        model_version=slot.model_version,
        context={
            **request.context.model_dump(exclude_none=True),
            "day_of_trip": slot.day_number,
            "day_part": slot.day_part,
            "group_size": 1,
        },
        occurred_at=occurred_at,
        created_at=at,
    )


def judge_type(signal_type: str) -> ClientSignal:
    """Return the type; raise SignalTypeReserved or SignalTypeUnknown: no client may send those."""
    if signal_type in CLIENT_SIGNALS:
        return cast("ClientSignal", signal_type)
    if signal_type in SERVER_SIGNALS:
        raise SignalTypeReserved(signal_type)
    raise SignalTypeUnknown(signal_type)


def judge_moment(occurred_at: datetime, at: datetime, oldest: datetime) -> None:
    """Raise SignalFromTheFuture past `at`, a minute tolerated, and SignalTooOld before `oldest`."""
    if occurred_at > at + _CLOCKS_DIFFER:
        raise SignalFromTheFuture(occurred_at, at)
    if occurred_at < oldest:
        raise SignalTooOld(occurred_at, oldest)


def _slot_of(request: SignalRequest, slots: SlotsOfTrips) -> SlotFacts:
    trip_id, node_id = request.trip_id, request.activity_node_id
    if trip_id not in slots:
        raise SignalTripUnknown(trip_id)
    slot = slots[trip_id].get(node_id)
    if slot is None:
        raise NodeNotInTrip(node_id, trip_id)
    if request.slot_id not in (None, slot.slot_id):
        raise SlotNotOfNode(request.slot_id, node_id, trip_id)
    return slot
