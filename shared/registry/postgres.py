"""The model_registry table."""

from shared.registry.model import Model, ModelName
from shared.runtime.postgres import Pool
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)


class Registry:
    """Which version of each model serves."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def production(self, name: ModelName) -> Model | None:
        """Return the one version in production, or None where there is none."""
        row = await self._pool.fetchrow(_SQL["production"], name)
        return None if row is None else Model(row["name"], row["version"])
