"""The `signals` topic: the signals of one request are one message."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import orjson

from shared.outbox.send import NotSent, SendRefused
from shared.signals.durable import NotConfirmed
from shared.signals.message import encode_signals
from shared.signals.signal import Signal

# A request that waits longer is better served by the table.
_SECONDS: Final = 3.0


class Topics(Protocol):
    """The project's topics."""

    async def publish(self, topic: str, data: bytes, attributes: Mapping[str, str]) -> str:
        """Return the id of the confirmed message; raise SendRefused or NotSent."""


class SignalsTopic:
    """Publishes signals."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics

    async def publish(self, signals: Sequence[Signal]) -> str:
        """Publish one message of these signals; return the id that it was confirmed with.

        Raises NotConfirmed where that takes more than three seconds, or fails.
        """
        message = orjson.dumps(encode_signals(signals))
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._topics.publish("signals", message, {})
        except (SendRefused, NotSent, TimeoutError) as error:
            raise NotConfirmed(repr(error)) from error
