"""The face of the nightly schedule that deletes what is past its time."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.purge_expired.operation import purge
from shared.forgetting.tombstone import Tombstones
from shared.idempotency.postgres import IdempotencyKeys
from shared.learning.postgres import TrainingDays
from shared.parking.postgres import DeadLetters
from shared.runtime.background import background_face
from shared.runtime.clock import now
from shared.runtime.envelopes import Delivery
from shared.runtime.opening import Opening
from shared.runtime.postgres import PostgresParking, open_pool, ping


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    parking: PostgresParking
    keys: IdempotencyKeys
    letters: DeadLetters
    days: TrainingDays


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    keys = IdempotencyKeys(pool, Tombstones(opening.settings))
    return Drivers(PostgresParking(pool), keys, DeadLetters(pool), TrainingDays(pool))


@framework.http
@background_face(join)
async def purge_expired(delivery: Delivery, drivers: Drivers) -> None:
    """Delete what is past its time."""
    await purge(drivers.keys, drivers.letters, drivers.days, now())
