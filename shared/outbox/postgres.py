"""The outbox table: promises, claims and marks."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from shared.outbox.message import Message, SendReport
from shared.outbox.send import Sender
from shared.runtime import log
from shared.runtime.postgres import FAILURES, Connection, Pool
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)

# While the promising request sends its own messages, the relay leaves them alone.
_OWN_TRY = timedelta(seconds=5)
_RELAY_TRY = timedelta(seconds=30)


async def promise(connection: Connection, messages: Sequence[Message], at: datetime) -> None:
    """Insert the messages in the caller's transaction."""
    if not messages:
        return
    await connection.execute(
        _SQL["promise"],
        [message.id for message in messages],
        [message.kind for message in messages],
        [message.target for message in messages],
        [message.task_name for message in messages],
        [dict(message.payload) for message in messages],
        [dict(message.attributes) for message in messages],
        [message.deleted_once_sent for message in messages],
        at,
        at + _OWN_TRY,
    )


async def forget(connection: Connection, user_id: str, promised: Sequence[UUID]) -> int:
    """Delete the messages that name the person, and those with the ids `promised`, sent or not.

    Returns how many there were.
    """
    return len(await connection.fetch(_SQL["forget"], user_id, list(promised)))


class Outbox:
    """The promises, as those who send them see them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def claim(self, at: datetime, limit: int) -> list[Message]:
        """Return up to `limit` unsent messages that are now this caller's to send, oldest first."""
        rows = await self._pool.fetch(_SQL["claim"], at, at + _RELAY_TRY, limit)
        return [_message(row) for row in rows]

    async def settle(self, report: SendReport, at: datetime, *, own_try: bool = False) -> None:
        """Mark what was sent and park what never can be; the rest is for a later run."""
        if report.sent:
            await self._pool.execute(_SQL["mark_sent"], [message.id for message in report.sent], at)
        for failure in report.failed:
            if failure.permanent:
                await self._pool.execute(_SQL["park"], failure.message.id, failure.reason, at)
            elif not own_try:
                await self._pool.execute(_SQL["release"], failure.message.id, failure.reason, at)

    async def send_now(
        self, messages: Sequence[Message], sender: Sender, cap_seconds: float, at: datetime
    ) -> None:
        """Send what a transaction has just promised, in time; the relay sends the rest.

        What was promised stands: where the marks cannot be written now, the messages are sent once
        more, and receivers bear that.
        """
        report = await sender.send(messages, cap_seconds)
        for failure in report.failed:
            log.event("outbox.unsent", target=failure.message.target, reason=failure.reason)
        try:
            await self.settle(report, at, own_try=True)
        except FAILURES as error:
            log.failure("outbox.unsettled", error)

    async def delete_sent_before(self, moment: datetime) -> None:
        """Forget the messages that were sent before `moment`."""
        await self._pool.execute(_SQL["delete_sent"], moment)


def _message(row: asyncpg.Record) -> Message:
    return Message(
        id=row["id"],
        kind=row["kind"],
        target=row["target"],
        payload=row["payload"],
        attributes=row["attributes"],
        task_name=row["task_name"],
    )


async def held(connection: Connection, user_id: str) -> AsyncIterator[str]:
    """Yield the messages that name the person, each as JSON text, in the caller's transaction."""
    async for row in connection.cursor(_SQL["held"], user_id, prefetch=50):
        yield row["held"]
