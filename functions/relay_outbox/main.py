"""The face of the schedule that relays the outbox each minute."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.relay_outbox.operation import relay
from shared.outbox.postgres import Outbox
from shared.outbox.pubsub import Topics
from shared.outbox.send import Sender
from shared.outbox.tasks import Tasks
from shared.runtime.background import background_face
from shared.runtime.clock import now
from shared.runtime.envelopes import Delivery
from shared.runtime.opening import Opening
from shared.runtime.postgres import PostgresParking, open_pool, ping


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    parking: PostgresParking
    outbox: Outbox
    sender: Sender


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    topics, tasks = Topics(opening.settings), Tasks(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    opening.check("pubsub", topics.check)
    opening.check("tasks", tasks.check)
    sender = Sender(topics=topics, tasks=tasks)
    return Drivers(PostgresParking(pool), Outbox(pool), sender)


@framework.http
@background_face(join)
async def relay_outbox(delivery: Delivery, drivers: Drivers) -> None:
    """Relay what is unsent."""
    await relay(drivers.outbox, drivers.sender, now())
