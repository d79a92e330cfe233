"""The registry tells which version of a model is in production."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shared.ranking.prompt import MODEL_VERSION
from shared.registry.model import Model
from shared.registry.postgres import Registry
from shared.runtime.postgres import Pool
from tests.builders import NOON


async def register(pool: Pool, name: str, version: str, status: str) -> None:
    await pool.execute(
        "INSERT INTO model_registry (id, model_name, version, algorithm, status, created_at)"
        " VALUES ($1, $2, $3, 'bpr', $4, $5)",
        uuid4(),
        name,
        version,
        status,
        NOON + timedelta(seconds=1),
    )


async def test_the_language_models_version_is_the_one_on_every_response(pool: Pool) -> None:
    assert str(await Registry(pool).production("llm_ranker")) == MODEL_VERSION


@pytest.mark.parametrize("status", ["candidate", "shadow", "retired"])
async def test_a_model_that_does_not_serve_is_not_in_production(status: str, pool: Pool) -> None:
    await register(pool, "persona_sequence", f"v-{status}", status)
    assert await Registry(pool).production("persona_sequence") is None


async def test_of_all_versions_the_one_in_production_is_told(pool: Pool) -> None:
    for version, status in (("1", "retired"), ("2", "production"), ("3", "candidate")):
        await register(pool, "warm_ranker", version, status)
    assert await Registry(pool).production("warm_ranker") == Model("warm_ranker", "2")
