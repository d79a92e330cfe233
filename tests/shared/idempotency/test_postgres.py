"""One request, one effect, however many copies of it arrive at once and whichever of them dies."""

import asyncio
from datetime import timedelta

import pytest

from shared.idempotency.claim import (
    Claim,
    IdempotencyKeyReused,
    RequestInProgress,
    StoredAnswer,
    make_claim,
)
from shared.idempotency.postgres import IdempotencyKeys, finish
from shared.runtime.postgres import Pool
from tests.builders import NOON, an_id
from tests.databases import widen

HOLD = timedelta(seconds=15)
EXPIRED = NOON + timedelta(seconds=16)
ANSWER = StoredAnswer(201, {"X-Model-Version": "m"}, {"id": "1", "days": [{"é": None}]})


@pytest.fixture
async def keys(pool: Pool) -> IdempotencyKeys:
    await pool.execute("TRUNCATE idempotency_keys")
    return IdempotencyKeys(pool)


def claim(attempt: object = 1, body: bytes = b"{}", **who: str) -> Claim:
    facts = {"user": "me", "route": "/api/v1/trips", "key": "k", **who}
    return make_claim(facts["user"], facts["route"], facts["key"], body, an_id(attempt))


async def done(pool: Pool, claimed: Claim) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await finish(connection, claimed, ANSWER)


async def test_a_free_key_is_taken(keys: IdempotencyKeys) -> None:
    assert await keys.take(claim(), NOON, HOLD) is None


async def test_of_many_copies_that_arrive_at_once_one_is_carried_out(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await widen(pool)
    taken = await asyncio.gather(
        *(keys.take(claim(n), NOON, HOLD) for n in range(8)), return_exceptions=True
    )
    assert taken.count(None) == 1
    assert sum(isinstance(outcome, RequestInProgress) for outcome in taken) == 7


async def test_a_copy_that_comes_later_gets_the_stored_answer(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await keys.take(claim(1), NOON, HOLD)
    await done(pool, claim(1))
    assert await keys.take(claim(2), NOON, HOLD) == ANSWER
    assert await keys.take(claim(3), EXPIRED + timedelta(days=1), HOLD) == ANSWER


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


async def test_another_body_cannot_take_over_a_claim_that_expired(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await keys.take(claim("slow"), NOON, HOLD)
    with pytest.raises(IdempotencyKeyReused):
        await keys.take(claim("other", b'{"other": 1}'), EXPIRED, HOLD)
    await done(pool, claim("slow"))
    assert await keys.take(claim("again"), EXPIRED, HOLD) == ANSWER


@pytest.mark.parametrize("answered", [False, True])
async def test_a_key_with_another_body_is_refused(
    answered: bool, pool: Pool, keys: IdempotencyKeys
) -> None:
    await keys.take(claim(1), NOON, HOLD)
    if answered:
        await done(pool, claim(1))
    for at in (NOON, EXPIRED):
        with pytest.raises(IdempotencyKeyReused):
            await keys.take(claim(2, b'{"other": 1}'), at, HOLD)


async def test_a_key_given_back_is_free_for_any_body(keys: IdempotencyKeys) -> None:
    await keys.take(claim(1), NOON, HOLD)
    await keys.release(claim(1))
    assert await keys.take(claim(2, b'{"other": 1}'), NOON, HOLD) is None


async def test_an_attempt_that_ran_out_of_time_loses_its_claim_to_the_next(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await keys.take(claim("slow"), NOON, HOLD)
    assert await keys.take(claim("next"), EXPIRED, HOLD) is None
    with pytest.raises(RequestInProgress):  # and its transaction must not commit
        await done(pool, claim("slow"))
    await keys.release(claim("slow"))  # which would give away another's claim
    with pytest.raises(RequestInProgress):
        await keys.take(claim("third"), EXPIRED, HOLD)
    await done(pool, claim("next"))
    assert await keys.take(claim("third"), EXPIRED, HOLD) == ANSWER


async def test_of_many_who_find_an_expired_claim_one_takes_it(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await widen(pool)
    await keys.take(claim("dead"), NOON, HOLD)
    taken = await asyncio.gather(
        *(keys.take(claim(n), EXPIRED, HOLD) for n in range(8)), return_exceptions=True
    )
    assert taken.count(None) == 1


async def test_an_answer_cannot_be_given_back_or_given_twice(
    pool: Pool, keys: IdempotencyKeys
) -> None:
    await keys.take(claim(1), NOON, HOLD)
    await done(pool, claim(1))
    await keys.release(claim(1))
    with pytest.raises(RequestInProgress):
        await done(pool, claim(1))
    assert await keys.take(claim(2), NOON, HOLD) == ANSWER


@pytest.mark.parametrize("other", [{"user": "you"}, {"route": "/api/v1/signals"}, {"key": "l"}])
async def test_a_key_belongs_to_its_traveller_and_route(
    other: dict[str, str], keys: IdempotencyKeys
) -> None:
    await keys.take(claim(1), NOON, HOLD)
    assert await keys.take(claim(2, b'{"other": 1}', **other), NOON, HOLD) is None
