"""Who writes about a person and who erases them never meet: one of the two waits or is refused."""

import asyncio
from datetime import date
from uuid import uuid4

import asyncpg
import orjson
import pytest

from shared.forgetting.postgres import DiscreetParking, hold, hold_one, in_one_transaction, leave
from shared.forgetting.tombstone import PersonForgotten
from shared.parking.letter import DeadLetter
from shared.parking.postgres import ArrivingLetters
from shared.runtime.postgres import Connection, Pool
from tests.builders import NOON, TOMBSTONES
from tests.shared.waiting import until

TODAY = date(2026, 11, 23)


async def go(pool: Pool, user_id: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await leave(connection, user_id, TOMBSTONES, TODAY)


async def test_leaving_waits_for_whoever_holds_the_person(pool: Pool) -> None:
    async with pool.acquire() as writer:
        async with writer.transaction():
            await hold_one(writer, "held", TOMBSTONES)
            leaving = asyncio.create_task(go(pool, "held"))
            waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            await until(lambda: writer.fetchval(waits))
            assert not leaving.done()
        await leaving
        async with writer.transaction():
            with pytest.raises(PersonForgotten):
                await hold_one(writer, "held", TOMBSTONES)


async def test_whoever_waited_for_a_leaving_meets_its_tombstone(pool: Pool) -> None:
    async def write() -> set[str]:
        async with pool.acquire() as connection, connection.transaction():
            return await hold(connection, ["leaving", "staying"], TOMBSTONES)

    async with pool.acquire() as connection, connection.transaction():
        await leave(connection, "leaving", TOMBSTONES, TODAY)
        writing = asyncio.create_task(write())
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        await until(lambda: connection.fetchval(waits))
    assert await writing == {"leaving"}


async def test_writers_about_one_person_pass_each_other(pool: Pool) -> None:
    async with pool.acquire() as one, one.transaction():
        await hold_one(one, "busy", TOMBSTONES)
        async with pool.acquire() as other, other.transaction():
            async with asyncio.timeout(5):
                await hold_one(other, "busy", TOMBSTONES)


async def test_a_leaving_that_is_taken_back_leaves_no_tombstone(pool: Pool) -> None:
    async def breaks(connection: Connection) -> None:
        await leave(connection, "undecided", TOMBSTONES, TODAY)
        raise ConnectionError("postgres went away")

    with pytest.raises(ConnectionError):
        await in_one_transaction(pool, breaks)
    async with pool.acquire() as connection, connection.transaction():
        assert await hold(connection, ["undecided"], TOMBSTONES) == set()


async def test_of_two_that_wait_for_each_other_the_erasure_tries_again(pool: Pool) -> None:
    tries = []

    async def erase(connection: Connection) -> int:
        tries.append(uuid4())
        if len(tries) == 1:
            raise asyncpg.DeadlockDetectedError("deadlock detected")
        return len(tries)

    assert await in_one_transaction(pool, erase) == 2


async def test_the_tombstone_names_nobody(pool: Pool) -> None:
    await go(pool, "who-was-it")
    (row,) = await pool.fetch(
        "SELECT to_jsonb(t)::text AS text FROM tombstones t WHERE mark = $1",
        TOMBSTONES.mark("who-was-it"),
    )
    assert "who-was-it" not in row["text"]
    assert b"who-was-it".hex() not in row["text"]


async def test_what_arrives_of_someone_who_left_is_not_kept(pool: Pool) -> None:
    await go(pool, "late-letter")
    parking, letters = DiscreetParking(pool, TOMBSTONES), ArrivingLetters(pool, TOMBSTONES)
    for user_id, kept in (("late-letter", 0), ("staying-here", 2)):
        payload = {"signals": [{"user_id": user_id}]}
        body = orjson.dumps(payload).decode()
        await parking.park("store_signal", body, "It is broken.", NOON)
        letter = DeadLetter(uuid4(), "signals", "store_signal", payload, {}, "No.", NOON)
        await letters.keep(letter)
        assert await pool.fetchval("SELECT count(*) FROM parked_messages") == kept
