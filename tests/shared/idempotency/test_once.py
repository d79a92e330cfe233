"""A request with an Idempotency-Key is carried out once; what fails may be tried again."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from shared.idempotency.claim import (
    Claim,
    IdempotencyKeyMalformed,
    IdempotencyKeyReused,
    RequestInProgress,
    StoredAnswer,
)
from shared.idempotency.once import once, reply_of
from shared.runtime.call import Call, Reply
from shared.runtime.errors import TryAgain
from shared.signals.errors import SignalNotTaken
from tests.builders import NOON
from tests.shared.idempotency.memory_keys import MemoryKeys

DONE = Reply(201, {"id": "1"}, "llm_ranker/x")


class Work:
    """Counts how often it is done; `does` is what comes of it, one after the other."""

    def __init__(self, *does: Reply | BaseException) -> None:
        self.does = list(does) or [DONE]
        self.claims: list[Claim | None] = []

    async def __call__(self, claim: Claim | None) -> Reply:
        self.claims.append(claim)
        outcome = self.does.pop(0) if len(self.does) > 1 else self.does[0]
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def a_call(key: str | None = "k", body: bytes = b"{}", at: datetime = NOON) -> Call:
    headers: Mapping[str, str] = {} if key is None else {"idempotency-key": key}
    return Call("/api/v1/signals", headers, body, at, 0.0)


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


async def test_without_a_key_each_request_is_carried_out(keys: MemoryKeys) -> None:
    work = Work()
    for _ in range(2):
        assert await once(a_call(None), "me", keys, work) == DONE
    assert work.claims == [None, None]
    assert keys.standing == {}


async def test_a_repeated_request_gets_the_first_answer_and_is_told_that_it_is_one(
    keys: MemoryKeys,
) -> None:
    work = Work()
    first, again = [await once(a_call(), "me", keys, work) for _ in range(2)]
    assert first.headers == {}
    assert again.headers == {"Idempotency-Replayed": "true"}
    assert (again.status, again.body, again.model_version) == (201, {"id": "1"}, "llm_ranker/x")
    assert len(work.claims) == 1


async def test_a_request_that_is_worked_on_is_not_begun_again(keys: MemoryKeys) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(claim: Claim | None) -> Reply:
        entered.set()
        await leave.wait()
        return DONE

    first = asyncio.create_task(once(a_call(), "me", keys, slow))
    await entered.wait()
    second = Work()
    with pytest.raises(RequestInProgress):
        await once(a_call(), "me", keys, second)
    leave.set()
    assert await first == DONE
    assert second.claims == []


async def test_the_key_with_another_body_is_refused_and_nothing_done(keys: MemoryKeys) -> None:
    await once(a_call(), "me", keys, Work())
    other = Work()
    with pytest.raises(IdempotencyKeyReused):
        await once(a_call(body=b'{"other": 1}'), "me", keys, other)
    assert other.claims == []


async def test_a_malformed_key_is_refused_and_nothing_done(keys: MemoryKeys) -> None:
    work = Work()
    with pytest.raises(IdempotencyKeyMalformed):
        await once(a_call("two words"), "me", keys, work)
    assert work.claims == []


@pytest.mark.parametrize(
    "fails", [SignalNotTaken(), ZeroDivisionError(), asyncio.CancelledError()], ids=repr
)
async def test_an_attempt_that_fails_gives_the_key_back(
    fails: BaseException, keys: MemoryKeys
) -> None:
    work = Work(fails, DONE)
    with pytest.raises(type(fails)):
        await once(a_call(), "me", keys, work)
    assert await once(a_call(body=b"changed"), "me", keys, work) == DONE


@pytest.mark.parametrize("status", [400, 422, 500, 503])
async def test_an_answer_that_is_a_refusal_is_not_stored(status: int, keys: MemoryKeys) -> None:
    work = Work(Reply(status, {}), DONE)
    assert (await once(a_call(), "me", keys, work)).status == status
    assert await once(a_call(), "me", keys, work) == DONE


async def test_an_attempt_that_crashed_can_be_retried_after_its_deadline(keys: MemoryKeys) -> None:
    claims = Work()
    await once(a_call(), "me", keys, claims, answer_in_transaction=True)  # and then it was killed
    hold = timedelta(seconds=15)
    with pytest.raises(RequestInProgress):
        await once(a_call(at=NOON + hold), "me", keys, Work(), hold=hold)
    late = a_call(at=NOON + hold + timedelta(seconds=1))
    assert await once(late, "me", keys, Work(), hold=hold) == DONE


async def test_work_that_stores_its_own_answer_is_replayed_from_it(keys: MemoryKeys) -> None:
    async def work(claim: Claim | None) -> Reply:
        assert claim is not None
        answer = StoredAnswer(201, {"X-Model-Version": "of the transaction"}, {"id": "2"})
        await keys.store(claim, answer)
        return reply_of(answer)

    for _ in range(2):
        reply = await once(a_call(), "me", keys, work, answer_in_transaction=True)
        assert (reply.body, reply.model_version) == ({"id": "2"}, "of the transaction")


async def test_done_work_is_answered_for_even_where_its_answer_cannot_be_stored() -> None:
    class Full(MemoryKeys):
        async def store(self, claim: Claim, answer: StoredAnswer) -> None:
            raise ConnectionError

    assert await once(a_call(), "me", Full(), Work()) == DONE


async def test_a_key_that_cannot_be_given_back_hides_no_failure() -> None:
    class Stuck(MemoryKeys):
        async def release(self, claim: Claim) -> None:
            raise ConnectionError

    with pytest.raises(TryAgain):
        await once(a_call(), "me", Stuck(), Work(SignalNotTaken()))


async def test_two_travellers_and_two_routes_may_use_the_same_key(keys: MemoryKeys) -> None:
    work = Work()
    await once(a_call(), "me", keys, work)
    await once(a_call(), "you", keys, work)
    other_route = Call("/api/v1/trips", {"idempotency-key": "k"}, b"{}", NOON, 0.0)
    await once(other_route, "me", keys, work)
    assert len(work.claims) == 3
