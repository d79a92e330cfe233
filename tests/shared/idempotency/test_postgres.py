"""One request, one effect, however many copies of it arrive at once and whichever of them dies."""

import asyncio
from datetime import timedelta

import pytest

from shared.forgetting.postgres import leave
from shared.forgetting.tombstone import PersonForgotten
from shared.idempotency.claim import Claim, RequestInProgress, StoredAnswer
from shared.idempotency.postgres import IdempotencyKeys, finish
from shared.runtime.postgres import Pool
from tests.builders import NOON, TOMBSTONES
from tests.databases import widen
from tests.shared.idempotency.test_keys import ANSWER, EXPIRED, HOLD, claim


@pytest.fixture
async def keys(pool: Pool) -> IdempotencyKeys:
    await pool.execute("TRUNCATE idempotency_keys, tombstones")
    return IdempotencyKeys(pool, TOMBSTONES)


async def take_at_once(keys: IdempotencyKeys, number: int) -> list[object]:
    return await asyncio.gather(
        *(keys.take(claim(n), EXPIRED, HOLD) for n in range(number)), return_exceptions=True
    )


async def test_of_many_copies_that_arrive_at_once_one_is_carried_out(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await widen(pool)
    taken = await take_at_once(keys, 8)
    assert taken.count(None) == 1
    assert sum(isinstance(outcome, RequestInProgress) for outcome in taken) == 7


async def test_of_many_who_find_an_expired_claim_one_takes_it(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await widen(pool)
    await keys.take(claim("dead"), NOON, HOLD)
    assert (await take_at_once(keys, 8)).count(None) == 1


async def test_an_answer_dies_with_the_transaction_of_its_work(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await keys.take(claim(1), NOON, HOLD)
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await finish(connection, claim(1), ANSWER)
        await transaction.rollback()
    with pytest.raises(RequestInProgress):
        await keys.take(claim(2), NOON, HOLD)


async def test_a_claim_waits_for_its_traveller_to_finish_leaving_and_is_then_refused(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await leave(connection, "me", TOMBSTONES, NOON.date())
        taking = asyncio.create_task(keys.take(claim(), NOON, HOLD))
        done, _ = await asyncio.wait([taking], timeout=0.05)
        assert not done
    with pytest.raises(PersonForgotten):
        await taking
    assert await pool.fetchval("SELECT count(*) FROM idempotency_keys") == 0


async def test_keys_older_than_a_moment_are_deleted_and_younger_ones_stand(
    keys: IdempotencyKeys,
) -> None:
    old, young = claim("old", key="old"), claim("young", key="young")
    for each, at in ((old, NOON), (young, EXPIRED)):
        await keys.take(each, at, HOLD)
        await keys.store(each, ANSWER)
    assert await keys.delete_older_than(NOON) == 0
    assert await keys.delete_older_than(NOON + timedelta(seconds=1)) == 1
    assert await _standing(keys, claim("again", key="old")) is None
    assert await _standing(keys, claim("again", key="young")) == ANSWER


async def _standing(keys: IdempotencyKeys, repeated: Claim) -> StoredAnswer | None:
    return await keys.take(repeated, EXPIRED, HOLD)
