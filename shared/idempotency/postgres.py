"""The idempotency_keys table: claims, answers, releases."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from shared.forgetting.postgres import hold_one
from shared.forgetting.tombstone import Tombstones
from shared.idempotency.claim import Claim, RequestInProgress, Standing, StoredAnswer, judge
from shared.runtime.postgres import Connection, Pool
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)


async def finish(connection: Connection, claim: Claim, answer: StoredAnswer) -> None:
    """Store the answer in the transaction of the work itself, so that both stand or neither does.

    Raises RequestInProgress where the claim ran past its deadline and went to a later attempt.
    """
    kept = await connection.fetchval(
        _SQL["finish"],
        claim.user_id,
        claim.route,
        claim.key,
        claim.attempt,
        answer.status,
        dict(answer.headers),
        dict(answer.body),
    )
    if kept is None:
        raise RequestInProgress(claim.key)


class IdempotencyKeys:
    """The claims of all travellers."""

    def __init__(self, pool: Pool, tombstones: Tombstones) -> None:
        self._pool = pool
        self._tombstones = tombstones

    async def take(self, claim: Claim, at: datetime, hold: timedelta) -> StoredAnswer | None:
        """Take the claim for `hold`; return the stored answer where the work was done before.

        Raises IdempotencyKeyReused and RequestInProgress (see `judge`), and PersonForgotten: a key
        is a row about a person.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await hold_one(connection, claim.user_id, self._tombstones)
            row = await connection.fetchrow(
                _SQL["claim"],
                claim.user_id,
                claim.route,
                claim.key,
                claim.request_sha256,
                claim.attempt,
                at,
                at + hold,
            )
        if row is None:  # the holder released it between the two reads
            raise RequestInProgress(claim.key)
        stored = None
        if row["status"] is not None:
            stored = StoredAnswer(row["status"], row["headers"], row["body"])
        standing = Standing(row["request_sha256"], row["attempt"], row["locked_until"], stored)
        return judge(claim, standing)

    async def store(self, claim: Claim, answer: StoredAnswer) -> None:
        """Store the answer by itself, after work that may be done twice; raises as `finish`."""
        async with self._pool.acquire() as connection:
            await finish(connection, claim, answer)

    async def release(self, claim: Claim) -> None:
        """Give the key back after a try that changed nothing."""
        await self._pool.execute(
            _SQL["release"], claim.user_id, claim.route, claim.key, claim.attempt
        )

    async def delete_older_than(self, moment: datetime) -> int:
        """Delete the keys that were first claimed before `moment`; return how many there were."""
        return len(await self._pool.fetch(_SQL["delete_older_than"], moment))


async def forget(connection: Connection, user_id: str) -> int:
    """Delete the person's claims and stored answers; return how many there were."""
    return len(await connection.fetch(_SQL["forget"], user_id))


async def held(connection: Connection, user_id: str) -> AsyncIterator[str]:
    """Yield the person's claims and stored answers as JSON text, in the caller's transaction."""
    async for row in connection.cursor(_SQL["held"], user_id, prefetch=5):
        yield row["held"]
