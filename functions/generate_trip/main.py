"""The face of `POST /api/v1/trips`: joins the drivers, claims the Idempotency-Key, plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import functions_framework.aio as framework

from functions.generate_trip.operation import Errand, Ports, generate
from shared.forgetting.postgres import hold_one
from shared.forgetting.tombstone import Tombstones
from shared.idempotency.claim import Claim, StoredAnswer
from shared.idempotency.once import once, reply_of
from shared.idempotency.postgres import IdempotencyKeys, finish
from shared.nodes.postgres import Nodes
from shared.nodes.qdrant import NodeIndex
from shared.outbox.message import Message
from shared.outbox.postgres import Outbox, promise
from shared.outbox.pubsub import Topics
from shared.outbox.send import Sender
from shared.outbox.tasks import Tasks
from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.ranking.rank_cells import CellRanker
from shared.ranking.redis import RedisCells
from shared.registry.postgres import Registry
from shared.runtime import log
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import Pool, open_pool, ping
from shared.runtime.redis import open_redis
from shared.signals import postgres as signals
from shared.signals.signal import Signal
from shared.spend.anthropic import Claude
from shared.spend.postgres import PostgresLedger
from shared.trips import postgres as trips
from shared.trips.redis import RedisNarratives
from shared.trips.request import TripRequest
from shared.trips.trip import Trip

BUDGET_SECONDS = 8.0
# A trip that is nearly there, after a cold start say, is worth more than its budget.
LIMIT_SECONDS = 10.0
_HOLD = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers
    keys: IdempotencyKeys
    ports: Ports


class TripLedger:
    """The transaction of a new trip, and the sending of what it promised."""

    def __init__(self, pool: Pool, sender: Sender, tombstones: Tombstones) -> None:
        self._pool = pool
        self._outbox = Outbox(pool)
        self._sender = sender
        self._tombstones = tombstones

    async def commit(
        self,
        trip: Trip,
        signal: Signal,
        messages: Sequence[Message],
        claim: Claim | None,
        answer: StoredAnswer,
    ) -> None:
        """Write the trip, its candidate set, its promises and the stored answer, or nothing.

        Raises PersonForgotten where the traveller left while the trip was planned.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await hold_one(connection, trip.user_id, self._tombstones)
            await trips.insert(connection, trip)
            await signals.insert(connection, signal)
            await promise(connection, messages, trip.created_at)
            if claim is not None:
                await finish(connection, claim, answer)

    async def send(self, messages: Sequence[Message], cap_seconds: float, at: datetime) -> None:
        """Send at once what can be sent in time; relay_outbox sends the rest."""
        await self._outbox.send_now(messages, self._sender, cap_seconds, at)


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    redis = open_redis(opening.settings)
    index, cells = NodeIndex(opening.settings), RedisCells(redis)
    topics, tasks = Topics(opening.settings), Tasks(opening.settings)
    claude = Claude(opening.settings, PostgresLedger(pool))
    opening.check("postgres", lambda: ping(pool))
    for name, driver in (("redis", cells), ("qdrant", index), ("pubsub", topics), ("tasks", tasks)):
        opening.check(name, driver.check)
    opening.check("anthropic", claude.check)
    tombstones = Tombstones(opening.settings)
    travellers = Travellers(pool, tombstones)
    ports = Ports(
        travellers=travellers,
        nodes=Nodes(pool),
        trips=trips.Trips(pool),
        models=Registry(pool),
        index=index,
        cells=cells,
        ranker=CellRanker(cells, claude),
        narratives=RedisNarratives(redis),
        ledger=TripLedger(pool, Sender(topics=topics, tasks=tasks), tombstones),
    )
    return Drivers(travellers, IdempotencyKeys(pool, tombstones), ports)


@framework.http
@public_face(join, budget_seconds=BUDGET_SECONDS, limit_seconds=LIMIT_SECONDS)
async def generate_trip(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Plan the trip once for each Idempotency-Key and answer 201 with it."""
    request = call.parse(TripRequest)

    async def plan(claim: Claim | None) -> Reply:
        errand = Errand(
            request=request,
            user_id=person.id,
            request_id=log.trace_id.get(),
            trip_id=uuid4(),
            claim=claim,
            at=call.received_at,
            deadline=call.deadline,
        )
        return reply_of(await generate(errand, drivers.ports))

    return await once(call, person.id, drivers.keys, plan, hold=_HOLD, answer_in_transaction=True)
