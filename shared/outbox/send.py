"""Sends messages at once, within a time cap, and says which of them left."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from shared.outbox.message import Message, SendFailure, SendReport


class SendRefused(Exception):
    """The receiver answered that this message can never be sent."""


class NotSent(Exception):
    """The receiver was away or did not answer; another try may succeed."""


class Publisher(Protocol):
    """Publishes on a topic."""

    async def send(self, message: Message) -> None:
        """Return once the message is durable; raise SendRefused where it never will be."""


class Sender:
    """Sends promised messages to the drivers joined for their kinds."""

    def __init__(self, *, topics: Publisher | None = None, tasks: Publisher | None = None) -> None:
        self._publishers = {"topic": topics, "task": tasks}

    async def send(self, messages: Sequence[Message], cap_seconds: float) -> SendReport:
        """Send all in parallel; what has not left after `cap_seconds` is in neither list."""
        if not messages:
            return SendReport((), ())
        tasks = {asyncio.create_task(self._send(message)): message for message in messages}
        try:
            done, late = await asyncio.wait(tasks, timeout=cap_seconds)
        finally:
            for task in tasks:
                task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        outcomes = [(tasks[task], task.exception()) for task in done]
        return SendReport(
            sent=tuple(message for message, error in outcomes if error is None),
            failed=tuple(
                SendFailure(message, repr(error), isinstance(error, SendRefused))
                for message, error in outcomes
                if error is not None
            ),
        )

    async def _send(self, message: Message) -> None:
        publisher = self._publishers[message.kind]
        if publisher is None:
            raise SendRefused(f"This function sends no {message.kind}.")
        await publisher.send(message)
