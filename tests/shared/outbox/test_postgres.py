"""A promise made in a transaction is kept once, by whoever claims it, until sent or parked."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from shared.outbox.message import Message, SendFailure, SendReport
from shared.outbox.postgres import Outbox, promise
from shared.runtime.postgres import Pool
from tests.builders import NOON, a_message
from tests.databases import widen

LATER = NOON + timedelta(seconds=6)
"""After the promising request had its own try."""


@pytest.fixture
async def outbox(pool: Pool) -> Outbox:
    await pool.execute("TRUNCATE outbox")
    return Outbox(pool)


async def promised(pool: Pool, *messages: Message, at: datetime = NOON) -> Sequence[Message]:
    async with pool.acquire() as connection, connection.transaction():
        await promise(connection, messages, at)
    return messages


def names(messages: Sequence[Message]) -> set[str]:
    return {message.payload["name"] for message in messages}


async def test_a_message_is_claimed_as_it_was_promised(pool: Pool, outbox: Outbox) -> None:
    task = a_message(
        "task",
        kind="task",
        target="prewarm_combo",
        attributes={"a": "b"},
        task_name="abc-2026112320",
        payload={"name": "x", "nested": [1, None, "é"]},
    )
    await promised(pool, task)
    assert await outbox.claim(LATER, 10) == [task]


async def test_promises_die_with_the_transaction_that_made_them(pool: Pool, outbox: Outbox) -> None:
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await promise(connection, [a_message()], NOON)
        await transaction.rollback()
    assert await outbox.claim(LATER, 10) == []


async def test_nothing_to_promise_needs_no_statement(pool: Pool, outbox: Outbox) -> None:
    await promised(pool)
    assert await outbox.claim(LATER, 10) == []


async def test_the_relay_leaves_a_fresh_promise_to_the_request_that_made_it(
    pool: Pool, outbox: Outbox
) -> None:
    await promised(pool, a_message())
    assert await outbox.claim(NOON + timedelta(seconds=4), 10) == []
    assert len(await outbox.claim(LATER, 10)) == 1


async def test_the_oldest_are_claimed_first(pool: Pool, outbox: Outbox) -> None:
    for number in (3, 1, 2):
        await promised(pool, a_message(number), at=NOON + timedelta(milliseconds=number))
    assert names(await outbox.claim(LATER, 2)) == {"1", "2"}


async def test_claimers_side_by_side_never_get_the_same_message(pool: Pool, outbox: Outbox) -> None:
    await widen(pool)
    await promised(pool, *(a_message(number) for number in range(60)))
    claimed = await asyncio.gather(*(outbox.claim(LATER, 20) for _ in range(4)))
    every = [message.id for batch in claimed for message in batch]
    assert len(every) == len(set(every)) == 60


async def test_a_claim_that_was_never_settled_is_free_again_after_half_a_minute(
    pool: Pool, outbox: Outbox
) -> None:
    await promised(pool, a_message())
    await outbox.claim(LATER, 10)
    assert await outbox.claim(LATER + timedelta(seconds=29), 10) == []
    assert len(await outbox.claim(LATER + timedelta(seconds=31), 10)) == 1


async def test_what_was_sent_is_never_claimed_again(pool: Pool, outbox: Outbox) -> None:
    sent, unsent = await promised(pool, a_message("sent"), a_message("unsent"))
    await outbox.settle(SendReport((sent,), ()), NOON, own_try=True)
    assert await outbox.claim(LATER + timedelta(days=1), 10) == [unsent]


async def test_what_can_never_be_sent_is_parked_with_the_reason(pool: Pool, outbox: Outbox) -> None:
    (message,) = await promised(pool, a_message())
    failure = SendFailure(message, "no such topic", permanent=True)
    await outbox.settle(SendReport((), (failure,)), NOON, own_try=True)
    assert await outbox.claim(LATER + timedelta(days=1), 10) == []
    row = await pool.fetchrow("SELECT parked_at, last_error, sent_at FROM outbox")
    assert tuple(row or ()) == (NOON, "no such topic", None)


async def test_what_failed_waits_for_the_next_run_with_its_reason(
    pool: Pool, outbox: Outbox
) -> None:
    await promised(pool, a_message("down"), a_message("late"))
    down = next(m for m in await outbox.claim(LATER, 10) if m.payload["name"] == "down")
    await outbox.settle(SendReport((), (SendFailure(down, "down", permanent=False),)), LATER)
    assert await outbox.claim(LATER, 10) == []  # the same run
    again = await outbox.claim(LATER + timedelta(seconds=1), 10)
    assert names(again) == {"down"}  # "late" may still be under way
    row = await pool.fetchrow("SELECT attempts, last_error FROM outbox WHERE id = $1", down.id)
    assert tuple(row or ()) == (2, "down")


async def test_a_requests_own_failed_try_leaves_the_message_to_the_relay(
    pool: Pool, outbox: Outbox
) -> None:
    (message,) = await promised(pool, a_message())
    report = SendReport((), (SendFailure(message, "down", permanent=False),))
    await outbox.settle(report, NOON, own_try=True)
    assert await outbox.claim(NOON + timedelta(seconds=4), 10) == []
    assert await outbox.claim(LATER, 10) == [message]


async def test_only_what_was_sent_before_is_forgotten(pool: Pool, outbox: Outbox) -> None:
    old, new, _ = await promised(pool, a_message("old"), a_message("new"), a_message("unsent"))
    await outbox.settle(SendReport((old,), ()), NOON)
    await outbox.settle(SendReport((new,), ()), NOON + timedelta(days=7))
    await outbox.delete_sent_before(NOON + timedelta(days=7))
    rows = await pool.fetch("SELECT payload FROM outbox")
    assert {row["payload"]["name"] for row in rows} == {"new", "unsent"}
