"""The face of the `signals` subscription: acknowledges what is stored."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.store_signal.operation import store
from shared.forgetting.postgres import DiscreetParking
from shared.forgetting.tombstone import Tombstones
from shared.runtime.background import background_face
from shared.runtime.clock import now
from shared.runtime.envelopes import Delivery
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping
from shared.signals.postgres import Signals


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    parking: DiscreetParking
    signals: Signals


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    tombstones = Tombstones(opening.settings)
    return Drivers(DiscreetParking(pool, tombstones), Signals(pool, tombstones))


@framework.http
@background_face(join)
async def store_signal(delivery: Delivery, drivers: Drivers) -> None:
    """Store the signals, and park what is none."""
    await store(delivery.payload, drivers.signals, drivers.parking, now())
