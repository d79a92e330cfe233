"""Carries a request out once for its Idempotency-Key: claim, work, store the answer."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import uuid4

from shared.idempotency.claim import Claim, StoredAnswer, make_claim, read_key
from shared.runtime import log
from shared.runtime.call import NO_MODEL, Call, Reply

REPLAYED: Final = "Idempotency-Replayed"
"""Stands, as `true`, on an answer that was stored by an earlier request."""

_MODEL_VERSION: Final = "X-Model-Version"

Work = Callable[[Claim | None], Awaitable[Reply]]
"""What the request asks for; the claim is None for a request without a key."""


class Keys(Protocol):
    """Where claims and stored answers are kept."""

    async def take(self, claim: Claim, at: datetime, hold: timedelta) -> StoredAnswer | None:
        """Take the claim for `hold`; return the stored answer where the work was done before."""

    async def store(self, claim: Claim, answer: StoredAnswer) -> None:
        """Store the answer; an attempt that lost its claim raises RequestInProgress."""

    async def release(self, claim: Claim) -> None:
        """Give the key back after a try that changed nothing."""


async def once(
    call: Call,
    user_id: str,
    keys: Keys,
    work: Work,
    *,
    hold: timedelta = timedelta(seconds=15),
    answer_in_transaction: bool = False,
) -> Reply:
    """Return the reply of `work`, or the one that an earlier request with the same key got.

    `hold` is longer than an attempt can run; a crashed one can be tried again after it. What is
    refused or fails gives the key back. `answer_in_transaction`: the work itself stores the answer,
    in the transaction of its effect (`finish`). Raises IdempotencyKeyMalformed (400),
    RequestInProgress (409), IdempotencyKeyReused (422) and PersonForgotten (410).
    """
    key = read_key(call.headers)
    if key is None:
        return await work(None)
    claim = make_claim(user_id, call.path, key, call.body, uuid4())
    stored = await keys.take(claim, call.received_at, hold)
    if stored is not None:
        return replace(reply_of(stored), headers={REPLAYED: "true"})
    try:
        reply = await work(claim)
    except BaseException:
        await _release(keys, claim)
        raise
    if reply.status >= 400:
        await _release(keys, claim)
    elif not answer_in_transaction:
        await _store(keys, claim, reply)
    return reply


def reply_of(answer: StoredAnswer) -> Reply:
    """Return the reply that a stored answer is."""
    return Reply(answer.status, answer.body, answer.headers.get(_MODEL_VERSION, NO_MODEL))


async def _store(keys: Keys, claim: Claim, reply: Reply) -> None:
    answer = StoredAnswer(reply.status, {_MODEL_VERSION: reply.model_version}, reply.body or {})
    try:
        await keys.store(claim, answer)
    except Exception as error:  # noqa: BLE001 - the work is done; a second try finds it done
        log.failure("idempotency.answer_not_stored", error)


async def _release(keys: Keys, claim: Claim) -> None:
    try:
        await keys.release(claim)
    except Exception as error:  # noqa: BLE001 - what went wrong with the work is what counts
        log.failure("idempotency.key_not_released", error)
