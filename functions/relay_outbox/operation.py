"""Sends what a crash left unsent: every promise of a transaction leaves within about a minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from shared.outbox.message import Message, SendReport
from shared.runtime import log

BATCH = 100
_BATCHES = 50
_SEND_SECONDS = 10.0
_KEPT = timedelta(days=7)


class Outbox(Protocol):
    """The promises."""

    async def claim(self, at: datetime, limit: int) -> list[Message]:
        """Return unsent messages that are now this caller's to send."""

    async def settle(self, report: SendReport, at: datetime) -> None:
        """Mark what was sent and park what never can be."""

    async def delete_sent_before(self, moment: datetime) -> None:
        """Forget old messages that were sent."""


class Sender(Protocol):
    """Sends messages."""

    async def send(self, messages: Sequence[Message], cap_seconds: float) -> SendReport:
        """Send all in parallel and say which left."""


async def relay(outbox: Outbox, sender: Sender, at: datetime) -> int:
    """Return how many messages were sent.

    A run ends when nothing is left, or when of a batch none was settled for good: sent, or parked
    because it never can be. Then the receivers are down, and the next run tries again.
    """
    sent = 0
    for _ in range(_BATCHES):
        messages = await outbox.claim(at, BATCH)
        if not messages:
            break
        report = await sender.send(messages, _SEND_SECONDS)
        await outbox.settle(report, at)
        sent += len(report.sent)
        for failure in report.failed:
            log.event(
                "outbox.unsent",
                target=failure.message.target,
                reason=failure.reason,
                parked=failure.permanent,
            )
        if not report.sent and not any(failure.permanent for failure in report.failed):
            break
    await outbox.delete_sent_before(at - _KEPT)
    log.event("outbox.relayed", sent=sent)
    return sent
