"""Makes signals durable: by the topic, else by the table, else nothing is acknowledged."""

from collections.abc import Sequence
from typing import Protocol

from shared.runtime import log
from shared.signals.errors import SignalNotTaken
from shared.signals.signal import Signal


class NotConfirmed(Exception):
    """A way of making signals durable failed."""


class Way(Protocol):
    """A way of making signals durable."""

    async def __call__(self, signals: Sequence[Signal]) -> object:
        """Return once none of the signals can be lost any more; raise NotConfirmed."""


async def make_durable(signals: Sequence[Signal], ways: Sequence[Way]) -> None:
    """Try the ways in their order until one confirms; raise SignalNotTaken."""
    for way in ways:
        try:
            await way(signals)
        except NotConfirmed as error:
            log.failure("signals.way_failed", error)
        else:
            return
    raise SignalNotTaken
