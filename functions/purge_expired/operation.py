"""Deletes each night what is kept for a time only: answers, messages dealt with, ended jobs."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from shared.runtime import log

ANSWERS_KEPT: Final = timedelta(hours=24)
"""How long a repeated request gets its first answer; the header's draft leaves it to us."""
REPLAYED_KEPT: Final = timedelta(days=7)
PARKED_KEPT: Final = timedelta(days=90)
EXECUTIONS_KEPT: Final = timedelta(days=90)


class Answers(Protocol):
    """The answers stored for Idempotency-Keys."""

    async def delete_older_than(self, moment: datetime) -> int:
        """Delete those first claimed before the moment; return how many."""


class ParkedMessages(Protocol):
    """What nobody could take."""

    async def delete_before(self, replayed: datetime, parked: datetime) -> int:
        """Delete what was replayed before the one moment or parked before the other."""


class Executions(Protocol):
    """What is known of the runs of jobs."""

    async def delete_finished_before(self, moment: datetime) -> int:
        """Delete what was planned or done before the moment; return how much."""


async def purge(
    answers: Answers, parked: ParkedMessages, executions: Executions, at: datetime
) -> None:
    """Delete what is past its time; a run that breaks off is made up for by the next."""
    deleted_answers = await answers.delete_older_than(at - ANSWERS_KEPT)
    deleted_messages = await parked.delete_before(at - REPLAYED_KEPT, at - PARKED_KEPT)
    deleted_runs = await executions.delete_finished_before(at - EXECUTIONS_KEPT)
    log.event(
        "expired.purged",
        answers=deleted_answers,
        messages=deleted_messages,
        executions=deleted_runs,
    )
