"""The face of `POST /api/v1/admin/dead-letters/replay`."""

from dataclasses import dataclass
from datetime import timedelta

import functions_framework.aio as framework
import orjson

from functions.replay_dead_letters.operation import NotPublished, Publish, ReplayRequest, replay
from shared.forgetting.tombstone import Tombstones
from shared.idempotency.claim import Claim
from shared.idempotency.once import once
from shared.idempotency.postgres import IdempotencyKeys
from shared.outbox.pubsub import Topics
from shared.outbox.send import NotSent, SendRefused
from shared.parking.letter import DeadLetter
from shared.parking.postgres import DeadLetters
from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import open_pool, ping

_HOLD = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers
    keys: IdempotencyKeys
    letters: DeadLetters
    publish: Publish


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    topics, tombstones = Topics(opening.settings), Tombstones(opening.settings)
    opening.check("postgres", lambda: ping(pool))
    opening.check("pubsub", topics.check)

    async def publish(letter: DeadLetter) -> None:
        try:
            data = orjson.dumps(letter.payload)
            await topics.publish(letter.topic, data, letter.attributes)
        except (NotSent, SendRefused) as error:
            raise NotPublished from error

    people, keys = Travellers(pool, tombstones), IdempotencyKeys(pool, tombstones)
    return Drivers(people, keys, DeadLetters(pool), publish)


@framework.http
@public_face(join, budget_seconds=13.0, admin=True)
async def replay_dead_letters(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 200 with the ids that were replayed and those that stay."""
    request = call.parse(ReplayRequest)

    async def work(claim: Claim | None) -> Reply:
        letters, publish = drivers.letters, drivers.publish
        return Reply(200, await replay(request, call.received_at, letters, publish))

    return await once(call, person.id, drivers.keys, work, hold=_HOLD)
