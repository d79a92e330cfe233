"""What every keeper of Idempotency-Keys does, the table and the one of the tests alike."""

from datetime import timedelta
from typing import Protocol

import pytest

from shared.forgetting.tombstone import PersonForgotten
from shared.idempotency.claim import (
    Claim,
    IdempotencyKeyReused,
    RequestInProgress,
    StoredAnswer,
    make_claim,
)
from shared.idempotency.once import Keys
from shared.idempotency.postgres import IdempotencyKeys
from shared.runtime.postgres import Pool
from tests.builders import NOON, TOMBSTONES, an_id
from tests.shared.idempotency.memory_keys import MemoryKeys

HOLD = timedelta(seconds=15)
EXPIRED = NOON + timedelta(seconds=16)
ANSWER = StoredAnswer(201, {"X-Model-Version": "m"}, {"id": "1", "days": [{"é": None}]})


class Leave(Protocol):
    async def __call__(self, user_id: str) -> None: ...


@pytest.fixture(params=["table", "memory"])
async def both(request: pytest.FixtureRequest, pool: Pool) -> tuple[Keys, Leave]:
    """The keys, and how a person leaves them."""
    if request.param == "memory":
        memory = MemoryKeys()

        async def leave_memory(user_id: str) -> None:
            memory.gone.add(user_id)

        return memory, leave_memory
    await pool.execute("TRUNCATE idempotency_keys, tombstones")

    async def leave_table(user_id: str) -> None:
        mark = TOMBSTONES.mark(user_id)
        await pool.execute("INSERT INTO tombstones VALUES ($1, $2)", mark, NOON.date())

    return IdempotencyKeys(pool, TOMBSTONES), leave_table


@pytest.fixture
def keys(both: tuple[Keys, Leave]) -> Keys:
    return both[0]


def claim(attempt: object = 1, body: bytes = b"{}", **who: str) -> Claim:
    facts = {"user": "me", "route": "/api/v1/trips", "key": "k", **who}
    return make_claim(facts["user"], facts["route"], facts["key"], body, an_id(attempt))


async def test_a_free_key_is_taken(keys: Keys) -> None:
    assert await keys.take(claim(), NOON, HOLD) is None


async def test_a_taken_key_is_in_progress_until_its_hold_ends(keys: Keys) -> None:
    await keys.take(claim(1), NOON, HOLD)
    for at in (NOON, NOON + HOLD):
        with pytest.raises(RequestInProgress):
            await keys.take(claim(2), at, HOLD)


async def test_a_copy_that_comes_later_gets_the_stored_answer(keys: Keys) -> None:
    await keys.take(claim(1), NOON, HOLD)
    await keys.store(claim(1), ANSWER)
    assert await keys.take(claim(2), NOON, HOLD) == ANSWER
    assert await keys.take(claim(3), EXPIRED + timedelta(days=1), HOLD) == ANSWER


@pytest.mark.parametrize("answered", [False, True])
async def test_a_key_with_another_body_is_refused(answered: bool, keys: Keys) -> None:
    await keys.take(claim(1), NOON, HOLD)
    if answered:
        await keys.store(claim(1), ANSWER)
    for at in (NOON, EXPIRED):
        with pytest.raises(IdempotencyKeyReused):
            await keys.take(claim(2, b'{"other": 1}'), at, HOLD)


async def test_another_body_cannot_take_over_a_claim_that_expired(keys: Keys) -> None:
    await keys.take(claim("slow"), NOON, HOLD)
    with pytest.raises(IdempotencyKeyReused):
        await keys.take(claim("other", b'{"other": 1}'), EXPIRED, HOLD)
    await keys.store(claim("slow"), ANSWER)
    assert await keys.take(claim("again"), EXPIRED, HOLD) == ANSWER


async def test_a_key_given_back_is_free_for_any_body(keys: Keys) -> None:
    await keys.take(claim(1), NOON, HOLD)
    await keys.release(claim(1))
    assert await keys.take(claim(2, b'{"other": 1}'), NOON, HOLD) is None


async def test_an_attempt_that_ran_out_of_time_loses_its_claim_to_the_next(keys: Keys) -> None:
    await keys.take(claim("slow"), NOON, HOLD)
    assert await keys.take(claim("next"), EXPIRED, HOLD) is None
    with pytest.raises(RequestInProgress):  # and its transaction must not commit
        await keys.store(claim("slow"), ANSWER)
    await keys.release(claim("slow"))  # which would give away another's claim
    with pytest.raises(RequestInProgress):
        await keys.take(claim("third"), EXPIRED, HOLD)
    await keys.store(claim("next"), ANSWER)
    assert await keys.take(claim("third"), EXPIRED, HOLD) == ANSWER


async def test_an_answer_cannot_be_given_back_or_given_twice(keys: Keys) -> None:
    await keys.take(claim(1), NOON, HOLD)
    await keys.store(claim(1), ANSWER)
    await keys.release(claim(1))
    with pytest.raises(RequestInProgress):
        await keys.store(claim(1), ANSWER)
    assert await keys.take(claim(2), NOON, HOLD) == ANSWER


async def test_an_answer_to_a_key_that_nobody_took_is_not_stored(keys: Keys) -> None:
    with pytest.raises(RequestInProgress):
        await keys.store(claim(1), ANSWER)
    assert await keys.take(claim(2), NOON, HOLD) is None


@pytest.mark.parametrize("other", [{"user": "you"}, {"route": "/api/v1/signals"}, {"key": "l"}])
async def test_a_key_belongs_to_its_traveller_and_route(other: dict[str, str], keys: Keys) -> None:
    await keys.take(claim(1), NOON, HOLD)
    assert await keys.take(claim(2, b'{"other": 1}', **other), NOON, HOLD) is None


async def test_whoever_left_takes_no_key(both: tuple[Keys, Leave]) -> None:
    keys, leave = both
    await keys.take(claim(1), NOON, HOLD)
    await leave("me")
    with pytest.raises(PersonForgotten):
        await keys.take(claim(2), EXPIRED, HOLD)
    assert await keys.take(claim(user="you"), NOON, HOLD) is None
