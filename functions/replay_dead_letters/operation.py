"""Publishes dead letters where they came from; receivers bear a message that comes twice."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.parking.letter import DeadLetter
from shared.runtime import log

MOST = 500


class NotPublished(Exception):
    """The topic did not confirm the message."""


class ReplayRequest(BaseModel):
    """The body of `POST /api/v1/admin/dead-letters/replay`: which letters, or all that wait."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST)] | None = None


class DeadLetters(Protocol):
    """Where dead letters are kept."""

    async def waiting(self, limit: int, ids: Sequence[UUID] | None = None) -> list[DeadLetter]:
        """Return the oldest letters that were not replayed, of `ids` alone where they are given."""

    async def mark_replayed(self, ids: Sequence[UUID], at: datetime) -> None:
        """Take letters off the list."""


class Publish(Protocol):
    """Publishes a letter on its topic."""

    async def __call__(self, letter: DeadLetter) -> None:
        """Return once the topic confirmed it; raise NotPublished."""


async def replay(
    request: ReplayRequest, at: datetime, letters: DeadLetters, publish: Publish
) -> dict[str, Any]:
    """Return the ids that were replayed and those that stay, up to 500 a call, oldest first.

    A letter leaves the list after its topic confirmed it: a crash between the two replays it twice,
    never not at all.
    """
    chosen = await letters.waiting(MOST, request.ids)
    outcomes = await asyncio.gather(*(publish(letter) for letter in chosen), return_exceptions=True)
    sent = [letter.id for letter, failed in zip(chosen, outcomes, strict=True) if failed is None]
    await letters.mark_replayed(sent, at)
    for failed in outcomes:
        if failed is not None and not isinstance(failed, NotPublished):
            raise failed
    log.event("dead_letters.replayed", replayed=len(sent), kept=len(chosen) - len(sent))
    done = set(sent)
    return {
        "replayed": [str(letter_id) for letter_id in sent],
        "kept": [str(letter.id) for letter in chosen if letter.id not in done],
    }
