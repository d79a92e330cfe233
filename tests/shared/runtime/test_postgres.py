"""The pool: JSON comes and goes as values, what is lost is told as a failure, parking keeps."""

from typing import Any

import asyncpg
import pytest

from shared.runtime.postgres import FAILURES, Pool, PostgresParking, open_pool, ping
from shared.runtime.settings import Settings
from tests.builders import NOON


@pytest.mark.parametrize(
    "value", [{}, [], {"a": [1, 2.5, None, True, "é 🍜"]}, "text", 7, None, {"big": 2**53}]
)
async def test_json_comes_back_as_it_went(value: Any, pool: Pool) -> None:
    assert await pool.fetchval("SELECT $1::jsonb", value) == value


async def test_a_connection_that_breaks_off_is_a_failure_and_the_next_one_works(
    pool: Pool,
) -> None:
    async with pool.acquire() as connection:
        pid = connection.get_server_pid()
        with pytest.raises(FAILURES):
            await connection.execute("SELECT pg_terminate_backend($1)", pid)
        with pytest.raises(FAILURES):
            await connection.execute("SELECT 1")
    assert await pool.fetchval("SELECT 1") == 1


async def test_a_database_that_does_not_listen_is_a_failure_for_the_health_check() -> None:
    async with asyncpg.create_pool("postgresql://u@127.0.0.1:1/d", min_size=0) as lost:
        with pytest.raises(FAILURES):
            await ping(lost)
    with pytest.raises(ConnectionRefusedError):  # at which the face answers 503 and tries anew
        await open_pool(Settings({"DATABASE_URL": "postgresql://u@127.0.0.1:1/d"}))


async def test_an_answering_database_is_well(pool: Pool) -> None:
    await ping(pool)


async def test_what_can_never_succeed_is_kept_with_the_reason(pool: Pool) -> None:
    body = "a body that no other test parks"
    await PostgresParking(pool).park("store_signal", body, "no signal", NOON)
    await PostgresParking(pool).park("store_signal", body, "no signal", NOON)
    rows = await pool.fetch("SELECT * FROM parked_messages WHERE body = $1", body)
    assert len(rows) == 2
    kept = [rows[0][name] for name in ("function", "reason", "created_at")]
    assert kept == ["store_signal", "no signal", NOON]
