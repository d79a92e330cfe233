"""A signal as it travels on the `signals` topic."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from shared.signals.errors import SignalUnreadable
from shared.signals.signal import Signal
from shared.signals.types import CLIENT_SIGNALS, SERVER_SIGNALS

_KNOWN_TYPES = frozenset((*CLIENT_SIGNALS, *SERVER_SIGNALS))
_KNOWN_ORIGINS = frozenset(("app", "backfill", "system"))
T = TypeVar("T")


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
        "created_at": signal.created_at.isoformat(),
    }


def decode_signal(payload: Mapping[str, Any]) -> Signal:
    """Return the signal in a message; raise SignalUnreadable, which no retry can mend."""
    try:
        if payload["signal_type"] not in _KNOWN_TYPES or payload["origin"] not in _KNOWN_ORIGINS:
            raise SignalUnreadable(f"The signal type {payload['signal_type']!r} is not known.")
        return Signal(
            signal_id=UUID(payload["signal_id"]),
            user_id=_a(str, payload["user_id"]),
            signal_type=payload["signal_type"],
            origin=payload["origin"],
            activity_node_id=_id(payload["activity_node_id"]),
            trip_id=_id(payload["trip_id"]),
            slot_id=_id(payload["slot_id"]),
            ranking_id=_id(payload["ranking_id"]),
            model_version=_name(payload["model_version"]),
            context=_a(dict, payload["context"]),
            created_at=_moment(payload["created_at"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SignalUnreadable(f"The message is not a signal ({error!r}).") from error


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
