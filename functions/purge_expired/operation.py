"""Deletes each night what is kept for a time only: stored answers, and messages dealt with."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from shared.runtime import log

ANSWERS_KEPT: Final = timedelta(hours=24)
"""How long a repeated request gets its first answer; the header's draft leaves it to us."""
REPLAYED_KEPT: Final = timedelta(days=7)
PARKED_KEPT: Final = timedelta(days=90)


class Answers(Protocol):
    """The answers stored for Idempotency-Keys."""

    async def delete_older_than(self, moment: datetime) -> int:
        """Delete those first claimed before the moment; return how many."""


class ParkedMessages(Protocol):
    """What nobody could take."""

    async def delete_before(self, replayed: datetime, parked: datetime) -> int:
        """Delete what was replayed before the one moment or parked before the other."""


async def purge(answers: Answers, parked: ParkedMessages, at: datetime) -> None:
    """Delete what is past its time; a run that breaks off is made up for by the next."""
    deleted_answers = await answers.delete_older_than(at - ANSWERS_KEPT)
    deleted_messages = await parked.delete_before(at - REPLAYED_KEPT, at - PARKED_KEPT)
    log.event("expired.purged", answers=deleted_answers, messages=deleted_messages)
