"""The face of `GET /api/v1/admin/dead-letters`."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.list_dead_letters.operation import show
from shared.forgetting.tombstone import Tombstones
from shared.parking.postgres import DeadLetters
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
    letters: DeadLetters


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    return Drivers(Travellers(pool, Tombstones(opening.settings)), DeadLetters(pool))


@framework.http
@public_face(join, budget_seconds=4.0, admin=True)
async def list_dead_letters(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 200 with what waits for a replay."""
    return Reply(200, await show(drivers.letters))
