"""What a night asks of millions of rows it is answered from an index."""

from datetime import UTC, datetime, timedelta

from shared.learning import postgres
from shared.runtime.postgres import Pool
from shared.runtime.sql import read_queries

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_counting_the_days_reads_no_signal_but_an_index_alone(pool: Pool) -> None:
    query = read_queries(postgres.__file__)["days_between"]
    async with pool.acquire() as connection, connection.transaction():
        # Of a table that is empty Postgres would rather read the one page.
        await connection.execute("SET LOCAL enable_seqscan = off")
        await connection.execute("SET LOCAL enable_bitmapscan = off")
        plan = await connection.fetch(f"EXPLAIN {query}", NOON - timedelta(days=31), NOON)
    scans = [line for (line,) in plan if "Scan" in line]
    assert len(scans) == 1
    assert "Index Only Scan using behavioral_signals_day" in scans[0]
