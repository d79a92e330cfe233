"""The face of `GET /api/v1/users/me/persona`."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.read_persona.operation import read
from shared.forgetting.tombstone import Tombstones
from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    return Drivers(Travellers(pool, Tombstones(opening.settings)))


@framework.http
@public_face(join, budget_seconds=4.0)
async def read_persona(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 200 with the traveller's own persona."""
    return Reply(200, await read(drivers.people, person.id))
