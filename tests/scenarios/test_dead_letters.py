"""What cannot be delivered is given up, kept, listed and replayed; nothing is lost on the way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import grpc
import pytest
from google.pubsub_v1 import SubscriberClient
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from tests.scenarios import rows
from tests.scenarios.problems import refused
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.runner.addresses import PROJECT
from workflows.stack import Stack

LETTERS = "/api/v1/admin/dead-letters"
REPLAY = f"{LETTERS}/replay"


@pytest.fixture
async def soon_given_up(stack: Stack) -> AsyncIterator[None]:
    """The subscription tries five times at once, and as it is wired again afterwards."""
    channel = grpc.insecure_channel(stack.addresses.emulators["pubsub"]["grpc"])
    client = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
    name = f"projects/{PROJECT}/subscriptions/signals-to-store-signal"
    wired = await asyncio.to_thread(client.get_subscription, subscription=name)
    paths = {"paths": ["dead_letter_policy", "retry_policy"]}
    hasty = {
        "name": name,
        "dead_letter_policy": {
            "dead_letter_topic": wired.dead_letter_policy.dead_letter_topic,
            "max_delivery_attempts": 5,
        },
        "retry_policy": {"minimum_backoff": timedelta(0), "maximum_backoff": timedelta(0)},
    }
    await asyncio.to_thread(
        client.update_subscription, request={"subscription": hasty, "update_mask": paths}
    )
    yield
    await asyncio.to_thread(
        client.update_subscription, request={"subscription": wired, "update_mask": paths}
    )
    channel.close()


async def test_a_signal_that_could_not_be_stored_is_kept_listed_and_replayed_into_one_row(
    stack: Stack,
    traveller: Traveller,
    person: Traveller,
    trip: Trip,
    database: asyncpg.Connection,
    soon_given_up: None,
) -> None:
    await database.execute("ALTER TABLE behavioral_signals RENAME TO behavioral_signals_away")
    try:
        answer = await traveller.signal(traveller.says(trip, slots_of(trip)[0]))
        assert answer.status_code == 202
        await stack.emulator("pubsub").until_idle()
    finally:
        await database.execute("ALTER TABLE behavioral_signals_away RENAME TO behavioral_signals")
    assert await rows.signals(database, trip["id"]) == []

    listed = (await person.send("GET", LETTERS)).json()
    assert listed["waiting"] == 1
    (letter,) = listed["dead_letters"]
    assert (letter["topic"], letter["function"]) == ("signals", "store_signal")
    assert traveller.id not in str(listed)

    replayed = (await person.send("POST", REPLAY, json={})).json()
    assert replayed == {"replayed": [letter["id"]], "kept": []}
    await stack.emulator("pubsub").until_idle()
    (row,) = await rows.signals(database, trip["id"])
    assert str(row["signal_id"]) == answer.json()["signal_id"]
    assert (await person.send("GET", LETTERS)).json()["waiting"] == 0


async def test_dead_letters_are_for_administrators_alone(traveller: Traveller) -> None:
    refused(await traveller.send("GET", LETTERS), 403, "administrator")
    refused(await traveller.send("POST", REPLAY, json={}), 403, "administrator")
