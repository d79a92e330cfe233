"""Signals that are refused, each with the sentence that says why.

Refusal
├── SignalTripUnknown        404  the trip is another's, or none
├── NodeNotInTrip            422
├── SlotNotOfNode            422
├── SignalTypeUnknown        422
├── SignalTypeReserved       422  the server alone writes it
├── SignalFromTheFuture      422
├── SignalTooOld             422
├── SignalIdRepeated         422  two different signals of one batch with one id
├── SignalBatchRefused       422  none of a batch can be taken
├── SignalUnreadable         422  what stands on the topic is no signal
└── SignalNotTaken           503  neither the topic nor the table took it
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.errors import Refusal, TryAgain
from shared.signals.types import CLIENT_SIGNALS

_SEND_ONE_OF = f"send one of {', '.join(CLIENT_SIGNALS)}"


class SignalTripUnknown(Refusal):
    """The signal is about a trip that is not the traveller's."""

    status = 404
    title = "Trip unknown"

    def __init__(self, trip_id: UUID) -> None:
        super().__init__(f"You have no trip with the id {trip_id}; send signals on your own trips.")


class NodeNotInTrip(Refusal):
    """The signal is about a place that the trip does not hold."""

    status = 422
    title = "Node not in trip"

    def __init__(self, node_id: UUID, trip_id: UUID) -> None:
        super().__init__(
            f"The activity node {node_id} is in no slot of the trip {trip_id}; "
            "send the node of one of its slots."
        )


class SlotNotOfNode(Refusal):
    """The slot that the client names is not the one that holds the node in this trip."""

    status = 422
    title = "Slot not of node"

    def __init__(self, slot_id: UUID, node_id: UUID, trip_id: UUID) -> None:
        super().__init__(
            f"The slot {slot_id} does not hold the activity node {node_id} in the trip {trip_id}; "
            "send the slot that does, or leave slot_id out."
        )


class SignalTypeUnknown(Refusal):
    """Nobody knows a signal of this type."""

    status = 422
    title = "Signal type unknown"

    def __init__(self, signal_type: str) -> None:
        super().__init__(f"The signal_type {signal_type[:64]!r} is not known; {_SEND_ONE_OF}.")


class SignalTypeReserved(Refusal):
    """The type is one that the server writes of what it did itself."""

    status = 422
    title = "Signal type reserved"

    def __init__(self, signal_type: str) -> None:
        super().__init__(
            f"{signal_type} is written by the server alone and is no signal_type of a client; "
            f"{_SEND_ONE_OF}."
        )


class SignalFromTheFuture(Refusal):
    """The signal says that it happened after it was received."""

    status = 422
    title = "Signal from the future"

    def __init__(self, occurred_at: datetime, at: datetime) -> None:
        super().__init__(
            f"occurred_at is {_moment(occurred_at)} and it is only {_moment(at)} here; "
            "set the device's clock, or leave occurred_at out."
        )


class SignalTooOld(Refusal):
    """The signal happened before the oldest moment that is taken."""

    status = 422
    title = "Signal too old"

    def __init__(self, occurred_at: datetime, oldest: datetime) -> None:
        super().__init__(
            f"occurred_at is {_moment(occurred_at)} and nothing before {_moment(oldest)} is taken; "
            "leave such a signal out."
        )


class SignalIdRepeated(Refusal):
    """An earlier signal of the same batch has the id and says something else."""

    status = 422
    title = "Signal id repeated"

    def __init__(self, signal_id: UUID) -> None:
        super().__init__(
            f"The signal_id {signal_id} stands earlier in this batch with another content; "
            "make a new id for each signal."
        )


class SignalBatchRefused(Refusal):
    """Not one signal of the batch can be taken; `refused` names each with its reason."""

    status = 422
    title = "No signal of the batch taken"

    def __init__(self, refused: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            f"None of the {len(refused)} signals can be taken; change each as refused says."
        )
        self._refused = refused

    def members(self) -> Mapping[str, Any]:
        """Return the refused signals, each with its place in the batch and its reason."""
        return {"refused": self._refused}


class SignalUnreadable(Refusal):
    """A message on the signals topic is not a signal."""

    status = 422
    title = "Signal unreadable"


class SignalNotTaken(TryAgain):
    """Neither the topic nor the table could take the signals."""

    def __init__(self) -> None:
        super().__init__("What you sent was not stored; send it again with the same signal_id.")


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
