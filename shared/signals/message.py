"""Signals as they travel on the `signals` topic: one message a request, `{"signals": [...]}`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from shared.signals.errors import SignalUnreadable
from shared.signals.signal import Signal
from shared.signals.types import CLIENT_SIGNALS, SERVER_SIGNALS

MOST_SIGNALS: Final = 100
"""As many as one request, and so one message, may hold."""

_KNOWN_TYPES = frozenset((*CLIENT_SIGNALS, *SERVER_SIGNALS))
_KNOWN_ORIGINS = frozenset(("app", "backfill", "system"))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item of a message that is no signal, as it came, and why it is none."""

    item: Any
    error: SignalUnreadable


@dataclass(frozen=True, slots=True)
class Opened:
    """A message, opened: its signals, and what stood among them that is none."""

    signals: Sequence[Signal]
    unreadable: Sequence[Unreadable]


def encode_signals(signals: Sequence[Signal]) -> dict[str, Any]:
    """Return the JSON object of a message with these signals, 1 to 100."""
    return {"signals": [encode_signal(signal) for signal in signals]}


def decode_signals(payload: Mapping[str, Any]) -> Opened:
    """Return what a message holds; raise SignalUnreadable where it is no message of signals."""
    items = payload.get("signals")
    if payload.keys() != {"signals"} or not isinstance(items, list):
        raise SignalUnreadable('The message is not of the form {"signals": [...]}.')
    if not 1 <= len(items) <= MOST_SIGNALS:
        raise SignalUnreadable(f"The message holds {len(items)} signals, not 1 to {MOST_SIGNALS}.")
    signals, unreadable = [], []
    for item in items:
        try:
            signals.append(decode_signal(item))
        except SignalUnreadable as error:
            unreadable.append(Unreadable(item, error))
    return Opened(signals, unreadable)


def encode_signal(signal: Signal) -> dict[str, Any]:
    """Return the JSON object of a signal."""
    return {
        "signal_id": str(signal.signal_id),
        "user_id": signal.user_id,
        "signal_type": signal.signal_type,
        "origin": signal.origin,
        "activity_node_id": _text(signal.activity_node_id),
        "trip_id": _text(signal.trip_id),
        "slot_id": _text(signal.slot_id),
        "ranking_id": _text(signal.ranking_id),
        "model_version": signal.model_version,
        "context": dict(signal.context),
        "occurred_at": signal.occurred_at.isoformat(),
        "created_at": signal.created_at.isoformat(),
    }


def decode_signal(item: Any) -> Signal:
    """Return the signal of a JSON value; raise SignalUnreadable, which no retry can mend."""
    try:
        if item["signal_type"] not in _KNOWN_TYPES or item["origin"] not in _KNOWN_ORIGINS:
            raise SignalUnreadable(
                f"The signal type {item['signal_type']!r} from {item['origin']!r} is not known."
            )
        return Signal(
            signal_id=UUID(item["signal_id"]),
            user_id=_a(str, item["user_id"]),
            signal_type=item["signal_type"],
            origin=item["origin"],
            activity_node_id=_id(item["activity_node_id"]),
            trip_id=_id(item["trip_id"]),
            slot_id=_id(item["slot_id"]),
            ranking_id=_id(item["ranking_id"]),
            model_version=_name(item["model_version"]),
            context=_a(dict, item["context"]),
            occurred_at=_moment(item["occurred_at"]),
            created_at=_moment(item["created_at"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SignalUnreadable(f"The item is not a signal ({error!r}).") from error


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _id(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)


def _name(value: str | None) -> str | None:
    return None if value is None else _a(str, value)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment


def _a(kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"no {kind.__name__} where one belongs")
    return value
