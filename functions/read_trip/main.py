"""The face of `GET /api/v1/trips/{trip_id}`."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.read_trip.operation import read
from shared.forgetting.tombstone import Tombstones
from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping
from shared.trips.postgres import Trips


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers
    trips: Trips


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    return Drivers(Travellers(pool, Tombstones(opening.settings)), Trips(pool))


@framework.http
@public_face(join, budget_seconds=4.0)
async def read_trip(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 200 with the traveller's trip."""
    trip, model_version = await read(drivers.trips, call.last_segment(), person.id)
    return Reply(200, trip, model_version)
