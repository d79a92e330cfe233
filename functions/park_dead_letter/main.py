"""The face of the `signals-dead` subscription."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.park_dead_letter.operation import park
from shared.forgetting.postgres import DiscreetParking
from shared.forgetting.tombstone import Tombstones
from shared.parking.postgres import ArrivingLetters
from shared.runtime.background import background_face
from shared.runtime.clock import now
from shared.runtime.envelopes import Delivery
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    parking: DiscreetParking
    letters: ArrivingLetters


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    tombstones = Tombstones(opening.settings)
    return Drivers(DiscreetParking(pool, tombstones), ArrivingLetters(pool, tombstones))


@framework.http
@background_face(join)
async def park_dead_letter(delivery: Delivery, drivers: Drivers) -> None:
    """Keep the dead letter."""
    await park(delivery, drivers.letters, now())
