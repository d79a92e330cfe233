"""What stands in the stack's Postgres."""

from typing import Any

import asyncpg

WRITTEN = (
    "trips",
    "itinerary_slots",
    "behavioral_signals",
    "outbox",
    "idempotency_keys",
    "parked_messages",
    "cities",
)


async def counts(database: asyncpg.Connection) -> dict[str, int]:
    """How many rows each table that a request may write to holds."""
    return {table: await database.fetchval(f"SELECT count(*) FROM {table}") for table in WRITTEN}


async def candidate_sets(database: asyncpg.Connection, trip_id: str) -> list[asyncpg.Record]:
    """The candidate sets that were logged for a trip."""
    return await database.fetch(
        "SELECT * FROM behavioral_signals"
        " WHERE trip_id = $1 AND signal_type = 'candidate_set_logged'",
        trip_id,
    )


async def candidate_set(database: asyncpg.Connection, trip_id: str) -> dict[str, Any]:
    """The context of the one candidate set of a trip."""
    (row,) = await candidate_sets(database, trip_id)
    context: dict[str, Any] = row["context"]
    return context


async def signals(database: asyncpg.Connection, trip_id: str) -> list[asyncpg.Record]:
    """What the traveller answered on a trip."""
    return await database.fetch(
        "SELECT * FROM behavioral_signals WHERE trip_id = $1 AND origin = 'app' ORDER BY seq",
        trip_id,
    )


async def parked(database: asyncpg.Connection) -> list[asyncpg.Record]:
    """The messages that can never succeed."""
    return await database.fetch("SELECT * FROM parked_messages")


async def promises(database: asyncpg.Connection, trip_id: str) -> list[asyncpg.Record]:
    """The outbox's rows of a trip's announcement."""
    return await database.fetch(
        "SELECT * FROM outbox WHERE target = 'trip-generated' AND payload ->> 'trip_id' = $1",
        trip_id,
    )


async def outcomes(database: asyncpg.Connection, purpose: str = "rank_cell") -> dict[str, int]:
    """How the calls to the language model ended, by outcome."""
    rows = await database.fetch(
        "SELECT outcome, count(*) FROM llm_calls WHERE purpose = $1 GROUP BY 1", purpose
    )
    return {row["outcome"]: row["count"] for row in rows}
