"""The face of `DELETE /api/v1/users/me`: joins what each store has to forget."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import functions_framework.aio as framework

from functions.forget_user.operation import forget
from shared.forgetting.postgres import in_one_transaction, leave
from shared.forgetting.pseudonyms import Pseudonyms
from shared.forgetting.tombstone import Tombstones
from shared.idempotency import postgres as idempotency
from shared.learning import postgres as learning
from shared.nodes import postgres as nodes
from shared.outbox import postgres as outbox
from shared.outbox.message import Message
from shared.outbox.pubsub import Topics
from shared.outbox.send import Sender
from shared.parking import postgres as parking
from shared.personas import postgres as personas
from shared.personas.traveller import Person
from shared.ranking.forgotten import forget_ranking
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import Connection, Pool, open_pool, ping
from shared.signals import postgres as signals
from shared.trips import postgres as trips
from shared.trips.promises import promised_ids


class Erasure:
    """The transaction that a leaving is, and the sending of what it promised."""

    def __init__(self, pool: Pool, sender: Sender, tombstones: Tombstones) -> None:
        self._pool = pool
        self._outbox = outbox.Outbox(pool)
        self._sender = sender
        self._tombstones = tombstones

    async def erase(self, user_id: str, farewell: Message, at: datetime) -> Mapping[str, int]:
        """Erase the person and promise the farewell, or nothing; return counts by store.

        Raises PersonForgotten where the person has left already.
        """

        async def work(connection: Connection) -> Mapping[str, int]:
            await leave(connection, user_id, self._tombstones, at.astimezone(UTC).date())
            erased = await _erase(connection, user_id)
            await outbox.promise(connection, [farewell], at)
            return erased

        return await in_one_transaction(self._pool, work)

    async def send(self, messages: Sequence[Message], cap_seconds: float, at: datetime) -> None:
        """Send at once what can be sent in time; relay_outbox sends the rest."""
        await self._outbox.send_now(messages, self._sender, cap_seconds, at)


async def _erase(connection: Connection, user_id: str) -> Mapping[str, int]:
    names, chance = Pseudonyms(user_id, uuid4), random.SystemRandom()
    # First, while the rows still say whose they are.
    await learning.mark_stale(connection, user_id)
    cities = await trips.forget(connection, user_id, names.of)
    places = await nodes.visible(connection, set(cities.values()))

    def forget_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
        return forget_ranking(record, places.get(record["city"], ()), chance)

    promised = [message for trip_id in cities for message in promised_ids(trip_id)]
    return {
        "users": await personas.forget(connection, user_id),
        "trips": len(cities),
        "signals": await signals.forget(connection, user_id, names.of, uuid4, forget_record),
        "idempotency_keys": await idempotency.forget(connection, user_id),
        "outbox": await outbox.forget(connection, user_id, promised),
        "parked_messages": await parking.forget(connection, user_id),
    }


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: personas.Travellers
    ledger: Erasure


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool, topics = await open_pool(opening.settings), Topics(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    opening.check("pubsub", topics.check)
    tombstones = Tombstones(opening.settings)
    ledger = Erasure(pool, Sender(topics=topics), tombstones)
    return Drivers(personas.Travellers(pool, tombstones), ledger)


@framework.http
@public_face(join, budget_seconds=28.0)
async def forget_user(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 200 with the receipt; from then on the person's token is refused with 410."""
    return Reply(200, await forget(person.id, call.received_at, uuid4(), uuid4(), drivers.ledger))
