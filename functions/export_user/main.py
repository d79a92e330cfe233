"""The face of `GET /api/v1/users/me/export`: joins what each store holds about a person."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import functions_framework.aio as framework

from functions.export_user.operation import Sections, export
from shared.forgetting.postgres import one_look
from shared.forgetting.tombstone import Tombstones
from shared.idempotency import postgres as idempotency
from shared.learning import postgres as learning
from shared.outbox import postgres as outbox
from shared.parking import postgres as parking
from shared.personas import postgres as personas
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import Pool, open_pool, ping
from shared.signals import postgres as signals
from shared.trips import postgres as trips


class Holdings:
    """What Postgres holds about people; no other store holds anything of a person."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, user_id: str) -> Sections:
        """Yield the sections, all of one moment."""
        async with one_look(self._pool) as connection:
            yield "profile", personas.held(connection, user_id)
            yield "trips", trips.held(connection, user_id)
            yield "rankings", signals.held_rankings(connection, user_id)
            yield "signals", signals.held(connection, user_id)
            yield "requests", idempotency.held(connection, user_id)
            yield "messages", outbox.held(connection, user_id)
            yield "parked", parking.held(connection, user_id)
            yield "training", learning.held(connection, user_id)


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: personas.Travellers
    holdings: Holdings


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    return Drivers(personas.Travellers(pool, Tombstones(opening.settings)), Holdings(pool))


@framework.http
@public_face(join)
async def export_user(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 200 with a file of all that is held about the person."""
    pieces = export(person.id, call.received_at, drivers.people, drivers.holdings)
    # What can be refused, or answered with 503, must come before the headers are on their way.
    first = await anext(pieces)
    name = f"overplanned-{call.received_at:%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Reply(200, headers=headers, stream=_all(first, pieces))


async def _all(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in others:
        yield piece
