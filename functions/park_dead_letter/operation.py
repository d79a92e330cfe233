"""Keeps a dead letter where an operator can list and replay it."""

from datetime import datetime
from typing import Protocol

from shared.parking.letter import DeadLetter, read_dead_letter
from shared.runtime import log
from shared.runtime.envelopes import Delivery


class DeadLetters(Protocol):
    """Where dead letters are kept."""

    async def keep(self, letter: DeadLetter) -> None:
        """Keep the letter, once however often it comes."""


async def park(delivery: Delivery, letters: DeadLetters, at: datetime) -> None:
    """Keep the letter; raise NoDeadLetter for a message that no subscription of ours gave up."""
    letter = read_dead_letter(delivery, at)
    await letters.keep(letter)
    log.event("dead_letter.parked", topic=letter.topic, reason=letter.reason)
