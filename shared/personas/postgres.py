"""The users table: who signs in, their tags, persona and choices."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.forgetting.postgres import hold_one
from shared.forgetting.tombstone import PersonForgotten, Tombstones
from shared.personas.refreshing import Profile, Shard
from shared.personas.taste import LIKES, PASSES, Answer
from shared.personas.traveller import MadeOf, Pace, Person, Persona, Traveller
from shared.runtime.batches import Batches
from shared.runtime.postgres import Connection, Pool
from shared.runtime.sql import read_queries
from shared.spaces.archetypes import SPACE_VERSION

_SAYING: Final = [*LIKES, *PASSES]
_SQL = read_queries(__file__)


class Travellers:
    """All travellers; a valid token with an unknown id creates its user once.

    A token outlives its account: whoever left is refused with PersonForgotten and never made anew.
    """

    def __init__(self, pool: Pool, tombstones: Tombstones) -> None:
        self._pool = pool
        self._tombstones = tombstones
        self._found: Batches[str, Person | None] = Batches(self._find)

    async def enter(self, user_id: str, at: datetime) -> Person:
        """Return the person with this id, created at `at` when they come for the first time.

        Raises PersonForgotten.
        """
        (person,) = await self._found.commit([user_id])
        if person is not None:
            return person
        async with self._pool.acquire() as connection, connection.transaction():
            await hold_one(connection, user_id, self._tombstones)
            row = await connection.fetchrow(_SQL["enter"], user_id, at)
        assert row is not None
        return Person(row["id"], row["role"])

    async def knows(self, user_id: str) -> bool:
        """Return whether someone with this id has signed in and not left."""
        (person,) = await self._found.commit([user_id])
        return person is not None

    async def _find(self, user_ids: Sequence[str]) -> Sequence[Person | None]:
        rows = await self._pool.fetch(_SQL["find"], list(user_ids))
        people = {row["id"]: Person(row["id"], row["role"]) for row in rows}
        return [people.get(user_id) for user_id in user_ids]

    async def load(self, user_id: str) -> Traveller:
        """Return the traveller with persona and choice count.

        Raises PersonForgotten: whoever entered and is not there has left since.
        """
        row = await self._pool.fetchrow(_SQL["load"], user_id)
        if row is None:
            raise PersonForgotten
        return Traveller(
            id=row["id"],
            onboarding_tags=row["onboarding_tags"],
            pace=row["pace"],
            persona=_persona(row),
            choice_count=row["choice_count"],
        )

    async def save_onboarding(
        self, user_id: str, tags: Mapping[str, list[str]], pace: Pace | None, persona: Persona
    ) -> None:
        """Store the tags, the pace where one is given, and the persona made of them.

        Raises PersonForgotten.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await hold_one(connection, user_id, self._tombstones)
            await connection.execute(
                _SQL["save_onboarding"], user_id, *_columns(persona), dict(tags), pace
            )


class Personas:
    """What personas are made of, and whose are to be made anew."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def answers(self, user_id: str, until: datetime) -> list[Answer]:
        """Return what the traveller said of places up to `until`, each type once a place.

        At most 500, the latest: what was said long before them weighs next to nothing.
        """
        rows = await self._pool.fetch(_SQL["answers"], user_id, until, _SAYING)
        return [Answer(**row | {"vibe_tags": tuple(row["vibe_tags"])}) for row in map(dict, rows)]

    async def due(
        self, shard: Shard, after: str, at: datetime, until: datetime, limit: int
    ) -> list[Profile]:
        """Return the shard's next travellers whose persona is to be made anew, in order of id.

        Those are the ones after the id `after` who answered since their persona, up to `until`;
        whose persona is a template that the model never came to better; or is of another space.
        """
        rows = await self._pool.fetch(
            _SQL["due"], after, shard.index, shard.count, at, until, _SAYING, SPACE_VERSION, limit
        )
        return [
            Profile(
                user_id=row["id"],
                onboarding_tags=row["onboarding_tags"],
                pace=row["pace"],
                source=row["persona_source"],
                updated_at=row["persona_updated_at"],
            )
            for row in rows
        ]

    async def renew(self, user_id: str, persona: Persona, seen: datetime | None) -> bool:
        """Put the persona in the place of the one updated at `seen`; return whether it still was.

        It is not where an onboarding came between, or the traveller left.
        """
        renewed = await self._pool.fetchval(_SQL["renew"], user_id, *_columns(persona), seen)
        return renewed is not None


async def forget(connection: Connection, user_id: str) -> int:
    """Delete the user: tags, pace, persona and role; return how many there were, 0 or 1."""
    rows = await connection.fetch(_SQL["forget"], user_id)
    return len(rows)


def _persona(row: Any) -> Persona | None:
    if row["persona_embedding"] is None:
        return None
    made_of = row["persona_made_of"]
    return Persona(
        description=row["persona_description"],
        embedding=tuple(row["persona_embedding"]),
        archetype=row["archetype"],
        space_version=row["space_version"],
        source=row["persona_source"],
        updated_at=row["persona_updated_at"],
        made_of=made_of and MadeOf(**made_of, signals_until=row["persona_as_of"]),
    )


def _columns(persona: Persona) -> tuple[Any, ...]:
    made_of = persona.made_of
    return (
        persona.description,
        list(persona.embedding),
        persona.archetype,
        persona.space_version,
        persona.source,
        persona.updated_at,
        made_of and {"tags": made_of.tags, "liked": made_of.liked, "passed": made_of.passed},
        made_of and made_of.signals_until,
    )


async def held(connection: Connection, user_id: str) -> AsyncIterator[str]:
    """Yield the user's row, every column of it, as JSON text, in the caller's transaction."""
    async for row in connection.cursor(_SQL["held"], user_id, prefetch=1):
        yield row["held"]
