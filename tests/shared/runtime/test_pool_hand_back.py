"""A connection handed back costs no round trip, and nothing of its user stays in it."""

import asyncpg
import pytest

from shared.runtime.postgres import Pool


async def test_a_statement_of_the_pool_is_the_only_one_sent(pool: Pool) -> None:
    said: list[str] = []
    async with pool.acquire() as connection:
        connection.add_query_logger(lambda record: said.append(record.query))
        await connection.fetchval("SELECT 1")
    assert said == ["SELECT 1"]


async def test_a_transaction_left_open_is_rolled_back(pool: Pool) -> None:
    async with pool.acquire() as connection:
        pid = connection.get_server_pid()
        await connection.execute("CREATE TABLE left_open (id int)")
        await connection.execute("BEGIN")
        await connection.execute("INSERT INTO left_open VALUES (1)")
    async with pool.acquire() as connection:
        assert connection.get_server_pid() == pid
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SELECT count(*) FROM left_open") == 0


async def test_a_transaction_that_failed_does_not_meet_the_next_one(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute("BEGIN")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await connection.execute("SELECT 1 / 0")
    assert await pool.fetchval("SELECT 1") == 1
