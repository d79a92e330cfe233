"""The face of `POST /api/v1/signals`: 202 only for what is durable."""

import asyncio
from dataclasses import dataclass

import functions_framework.aio as framework
import orjson
from google.api_core.exceptions import GoogleAPIError

from functions.write_signal.operation import NotConfirmed, SignalRequest, Way, write
from shared.outbox.pubsub import Topics
from shared.outbox.send import SendRefused
from shared.personas.postgres import Travellers
from shared.personas.traveller import Person
from shared.runtime.call import Call, Reply
from shared.runtime.face import public_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import FAILURES, open_pool, ping
from shared.signals.message import encode_signal
from shared.signals.postgres import Signals
from shared.signals.signal import Signal

_PUBLISH_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this function holds open."""

    people: Travellers
    signals: Signals
    ways: list[Way]


async def join(opening: Opening) -> Drivers:
    """Open what the function needs and leave a health check for each."""
    pool = await open_pool(opening.settings)
    topics = Topics(opening.settings)
    signals = Signals(pool)
    opening.check("postgres", lambda: ping(pool))
    opening.check("pubsub", topics.check)

    async def publish(signal: Signal) -> None:
        try:
            async with asyncio.timeout(_PUBLISH_SECONDS):
                await topics.publish("signals", orjson.dumps(encode_signal(signal)), {})
        except (GoogleAPIError, SendRefused, TimeoutError, OSError) as error:
            raise NotConfirmed("publish") from error

    async def insert(signal: Signal) -> None:
        try:
            await signals.insert(signal)
        except FAILURES as error:
            raise NotConfirmed("insert") from error

    return Drivers(Travellers(pool), signals, [publish, insert])


@framework.http
@public_face(join)
async def write_signal(call: Call, person: Person, drivers: Drivers) -> Reply:
    """Answer 202 once the signal cannot be lost."""
    request = call.parse(SignalRequest)
    body = await write(request, person.id, call.received_at, drivers.signals, drivers.ways)
    return Reply(202, body)
