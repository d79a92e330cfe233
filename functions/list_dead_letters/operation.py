"""Shows an operator the dead letters that wait for a replay, and what was refused for good."""

from typing import Any, Protocol

from shared.parking.letter import Counts, DeadLetter, Refused

SHOWN = 100


class DeadLetters(Protocol):
    """Where dead letters are kept."""

    async def waiting(self, limit: int) -> list[DeadLetter]:
        """Return the oldest letters that were not replayed."""

    async def refused(self, limit: int) -> list[Refused]:
        """Return the latest messages that were refused for good."""

    async def count(self) -> Counts:
        """Return how many there are of each kind."""


async def show(letters: DeadLetters) -> dict[str, Any]:
    """Return both lists, up to 100 each, and how many there are of each kind.

    Without what the messages say: that is about travellers, and a replay needs only the id.
    """
    counts = await letters.count()
    return {
        "waiting": counts.waiting,
        "dead_letters": [_letter(letter) for letter in await letters.waiting(SHOWN)],
        "refused": counts.refused,
        "refused_messages": [_refused(message) for message in await letters.refused(SHOWN)],
    }


def _letter(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": str(letter.id),
        "topic": letter.topic,
        "function": letter.function,
        "reason": letter.reason,
        "parked_at": letter.parked_at.isoformat(),
    }


def _refused(message: Refused) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "function": message.function,
        "reason": message.reason,
        "parked_at": message.parked_at.isoformat(),
    }
