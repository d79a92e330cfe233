"""Stores signals that were published: exactly one row each, however often they are delivered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import orjson

from shared.runtime import log
from shared.signals.errors import SignalUnreadable
from shared.signals.fate import Fate
from shared.signals.message import decode_signals, encode_signals
from shared.signals.signal import Signal


class Signals(Protocol):
    """Where signals are stored."""

    async def store(self, signals: Sequence[Signal]) -> Sequence[Fate]:
        """Store the signals, durably at the return; return the fate of each."""


class Parking(Protocol):
    """Where what can never be stored is kept."""

    async def park(self, function: str, body: str, reason: str, at: datetime) -> None:
        """Keep the message with the reason."""


async def store(
    payload: Mapping[str, Any], signals: Signals, parking: Parking, at: datetime
) -> None:
    """Store the signals of a message and park those that can never be stored, each by itself.

    Raises SignalUnreadable for a message that holds no signals at all, which is parked whole.
    """
    message = decode_signals(payload)
    fates = await signals.store(message.signals) if message.signals else []
    bad = [({"signals": [each.item]}, each.error) for each in message.unreadable]
    for signal, fate in zip(message.signals, fates, strict=True):
        if isinstance(fate, SignalUnreadable):
            bad.append((encode_signals([signal]), fate))
    for body, error in bad:
        await parking.park("store_signal", orjson.dumps(body).decode(), str(error), at)
    log.event("signals.stored", **Counter(map(_name, fates)), parked=len(bad))


def _name(fate: Fate) -> str:
    return "refused" if isinstance(fate, SignalUnreadable) else fate
