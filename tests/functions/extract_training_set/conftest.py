"""A world for each test."""

import pytest

from shared.runtime.postgres import Pool
from tests.functions.extract_training_set.world import World

TABLES = (
    "behavioral_signals, training_subjects, training_days, training_plans, training_datasets,"
    " training_buckets, job_shards, outbox"
)


@pytest.fixture
async def world(pool: Pool) -> World:
    await pool.execute(f"TRUNCATE {TABLES} CASCADE")
    return World(pool)
