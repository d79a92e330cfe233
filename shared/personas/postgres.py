"""The users table: who signs in, their tags, persona and choices."""

from collections.abc import Mapping
from datetime import datetime

from shared.personas.traveller import Pace, Person, Persona, Traveller
from shared.runtime.postgres import Pool
from shared.runtime.sql import read_queries

_SQL = read_queries(__file__)


class Travellers:
    """All travellers; a valid token with an unknown id creates its user once."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def enter(self, user_id: str, at: datetime) -> Person:
        """Return the person with this id, created at `at` when they come for the first time."""
        row = await self._pool.fetchrow(_SQL["find"], user_id)
        if row is None:
            row = await self._pool.fetchrow(_SQL["enter"], user_id, at)
            assert row is not None
        return Person(row["id"], row["role"])

    async def load(self, user_id: str) -> Traveller:
        """Return the traveller with persona and choice count; the user must have entered."""
        row = await self._pool.fetchrow(_SQL["load"], user_id)
        assert row is not None
        persona = None
        if row["persona_embedding"] is not None:
            persona = Persona(
                description=row["persona_description"],
                embedding=tuple(row["persona_embedding"]),
                archetype=row["archetype"],
                space_version=row["space_version"],
                source=row["persona_source"],
                updated_at=row["persona_updated_at"],
            )
        return Traveller(
            id=row["id"],
            onboarding_tags=row["onboarding_tags"],
            pace=row["pace"],
            persona=persona,
            choice_count=row["choice_count"],
        )

    async def save_onboarding(
        self, user_id: str, tags: Mapping[str, list[str]], pace: Pace | None, persona: Persona
    ) -> None:
        """Store the tags, the pace where one is given, and the persona made of them."""
        await self._pool.execute(
            _SQL["save_onboarding"],
            user_id,
            dict(tags),
            pace,
            persona.description,
            list(persona.embedding),
            persona.archetype,
            persona.space_version,
            persona.source,
            persona.updated_at,
        )
