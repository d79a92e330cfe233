"""The face of `POST /api/v1/admin/backfill`."""

from dataclasses import dataclass

import functions_framework.aio as framework

from functions.backfill_signals.operation import backfill
from shared.forgetting.tombstone import Tombstones
from shared.idempotency.claim import Claim
from shared.idempotency.once import once
from shared.idempotency.postgres import IdempotencyKeys
from shared.nodes.postgres import Nodes
from shared.outbox.pubsub import Topics
from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping
from shared.signals.durable import Way
from shared.signals.history import HistoryRequest
from shared.signals.postgres import Signals
from shared.signals.topic import SignalsTopic


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers
    keys: IdempotencyKeys
    nodes: Nodes
    ways: list[Way]


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    topics, tombstones = Topics(opening.settings), Tombstones(opening.settings)
    table = Signals(pool, tombstones)
    opening.check("postgres", lambda: ping(pool))
    opening.check("pubsub", topics.check)
    people, keys = Travellers(pool, tombstones), IdempotencyKeys(pool, tombstones)
    return Drivers(people, keys, Nodes(pool), [SignalsTopic(topics).publish, table.keep])


@framework.http
@public_face(join, admin=True)
async def backfill_signals(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 202 once what is accepted cannot be lost."""
    request = call.parse(HistoryRequest)

    async def work(claim: Claim | None) -> Reply:
        people, nodes, ways = drivers.people, drivers.nodes, drivers.ways
        return Reply(202, await backfill(request, call.received_at, people, nodes, ways))

    return await once(call, person.id, drivers.keys, work)
