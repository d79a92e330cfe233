"""What the schema promises by itself, whoever writes to it, and that our SQL fits it."""

import re
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from shared.ranking.prompt import MODEL, MODEL_VERSION, PROMPT_VERSION
from shared.runtime.postgres import Pool
from shared.runtime.sql import read_queries
from shared.spaces.archetypes import ARCHETYPES, SPACE_VERSION
from shared.spaces.vectors import PERSONA_DIMENSIONS, VIBE_DIMENSIONS
from tests.builders import NOON
from workflows.manifest import ROOT

DRIVERS = sorted(path.with_name("postgres.py") for path in ROOT.glob("shared/**/queries.sql"))
QUERIES = [
    pytest.param(sql, id=f"{driver.parent.name}.{name}")
    for driver in DRIVERS
    for name, sql in read_queries(str(driver)).items()
]


@pytest.mark.parametrize("sql", QUERIES)
async def test_every_named_query_fits_the_schema(sql: str, pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.prepare(sql)


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda path: path.parent.name)
def test_every_named_query_is_one_that_its_driver_asks(driver: Path) -> None:
    asked = set(re.findall(r'_SQL\["(\w+)"\]', driver.read_text()))
    assert asked == set(read_queries(str(driver)))


def test_no_migration_takes_its_time_from_the_database() -> None:
    for path in sorted((ROOT / "migrations").glob("*.sql")):
        statements = re.sub(r"--.*", "", path.read_text()).lower()
        clocks = re.findall(r"\bnow\(\)|current_timestamp|current_date|clock_timestamp", statements)
        assert clocks == [], path.name


async def register(pool: Pool, name: str, version: str, status: str) -> None:
    await pool.execute(
        "INSERT INTO model_registry (id, model_name, version, algorithm, status, created_at)"
        " VALUES ($1, $2, $3, 'bpr', $4, $5)",
        uuid4(),
        name,
        version,
        status,
        NOON,
    )


async def test_a_model_has_one_version_in_production(pool: Pool) -> None:
    await register(pool, "warm_ranker", "1", "production")
    with pytest.raises(asyncpg.UniqueViolationError, match="one_production"):
        await register(pool, "warm_ranker", "2", "production")
    for version, status in (("3", "candidate"), ("4", "shadow"), ("5", "retired")):
        await register(pool, "warm_ranker", version, status)
    await register(pool, "pivot_acceptance", "1", "production")


async def test_a_version_is_registered_once(pool: Pool) -> None:
    await register(pool, "persona_sequence", "1", "candidate")
    with pytest.raises(asyncpg.UniqueViolationError):
        await register(pool, "persona_sequence", "1", "shadow")


async def test_the_llm_ranker_that_the_code_runs_is_the_one_in_production(pool: Pool) -> None:
    row = await pool.fetchrow(
        "SELECT * FROM model_registry WHERE model_name = 'llm_ranker' AND status = 'production'"
    )
    assert row is not None
    assert f"{row['model_name']}/{row['version']}" == MODEL_VERSION
    assert row["card"] == {"model": MODEL, "prompt_version": PROMPT_VERSION}


async def test_the_text_space_that_the_code_speaks_is_the_one_in_production(pool: Pool) -> None:
    version = await pool.fetchval(
        "SELECT version FROM model_registry"
        " WHERE model_name = 'text_space' AND status = 'production'"
    )
    assert version == str(SPACE_VERSION)


async def test_columns_hold_the_spaces_dimensions(pool: Pool) -> None:
    rows = await pool.fetch(
        "SELECT attname, atttypmod FROM pg_attribute"
        " WHERE attname IN ('persona_embedding', 'vibe_embedding')"
    )
    found = {row["attname"]: row["atttypmod"] for row in rows}
    assert found == {"persona_embedding": PERSONA_DIMENSIONS, "vibe_embedding": VIBE_DIMENSIONS}


@pytest.mark.parametrize("archetype", ARCHETYPES)
async def test_every_archetype_can_be_stored(archetype: str, pool: Pool) -> None:
    await pool.execute(
        "INSERT INTO users (id, archetype, persona_embedding, space_version, created_at)"
        " VALUES ($1, $2, array_fill(0.1, ARRAY[128])::real[]::vector, 1, $3)",
        archetype,
        archetype,
        NOON,
    )


async def test_a_persona_without_its_space_version_is_refused(pool: Pool) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(
            "INSERT INTO users (id, archetype, persona_embedding, created_at)"
            " VALUES ('x', 'food_first', array_fill(0.1, ARRAY[128])::real[]::vector, $1)",
            NOON,
        )
