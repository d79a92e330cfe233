"""Stores a signal that was published: exactly one row, however often it is delivered."""

from collections.abc import Mapping
from typing import Any, Protocol

from shared.runtime import log
from shared.signals.message import decode_signal
from shared.signals.signal import Signal


class Signals(Protocol):
    """Where signals are stored."""

    async def insert(self, signal: Signal) -> bool:
        """Insert the signal; return whether it was new."""


async def store(payload: Mapping[str, Any], signals: Signals) -> None:
    """Store the signal; raise SignalUnreadable for a message that is none."""
    signal = decode_signal(payload)
    new = await signals.insert(signal)
    log.event("signal.stored", signal_type=signal.signal_type, new=new)
