"""The face of `POST /api/v1/signals`: 202 only for what is durable."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.write_signal.operation import Sender, write
from shared.forgetting.tombstone import Tombstones
from shared.idempotency.claim import Claim
from shared.idempotency.once import once
from shared.idempotency.postgres import IdempotencyKeys
from shared.outbox.pubsub import Topics
from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping
from shared.signals.durable import Way
from shared.signals.postgres import Signals
from shared.signals.request import SignalBody
from shared.signals.topic import SignalsTopic


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers
    keys: IdempotencyKeys
    signals: Signals
    ways: list[Way]


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    topics = Topics(opening.settings)
    tombstones = Tombstones(opening.settings)
    table = Signals(pool, tombstones)
    opening.check("postgres", lambda: ping(pool))
    opening.check("pubsub", topics.check)
    people, keys = Travellers(pool, tombstones), IdempotencyKeys(pool, tombstones)
    return Drivers(people, keys, table, [SignalsTopic(topics).publish, table.keep])


@framework.http
@public_face(join, budget_seconds=9.0)
async def write_signal(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 202 once what is acknowledged cannot be lost."""
    body = call.parse(SignalBody).root
    sender = Sender(person.id, call.received_at)

    async def work(claim: Claim | None) -> Reply:
        return Reply(202, await write(body, sender, drivers.signals, drivers.ways))

    return await once(call, person.id, drivers.keys, work)
