"""A publish returns once Pub/Sub confirmed it; what races leaves together; a failure is told."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import orjson
import pytest
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from emulators import pubsub
from emulators.skeleton.clock import Clock
from emulators.skeleton.house import House, Running
from emulators.skeleton.identity import Identity
from shared.outbox.pubsub import Topics
from shared.runtime.settings import Settings
from shared.signals.durable import NotConfirmed
from shared.signals.message import encode_signals
from shared.signals.topic import SignalsTopic
from tests.builders import a_signal
from tests.emulators.admin_client import AdminClient

PROJECT = "signals-test"
TOPIC = f"projects/{PROJECT}/topics/signals"
INBOX = f"projects/{PROJECT}/subscriptions/inbox"


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return Identity(tmp_path_factory.mktemp("identity"), Clock())


@pytest.fixture
async def cloud(tmp_path: Path, identity: Identity) -> AsyncIterator[Running]:
    running = await pubsub.start(House(tmp_path, Clock(), identity))
    yield running
    await running.stop()


@pytest.fixture
def channel(cloud: Running) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(cloud.addresses["grpc"]) as opened:
        yield opened


@pytest.fixture
async def inbox(channel: grpc.Channel) -> SubscriberClient:
    """A pull subscription on the topic."""
    publisher = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
    await asyncio.to_thread(publisher.create_topic, name=TOPIC)
    subscriber = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
    await asyncio.to_thread(subscriber.create_subscription, name=INBOX, topic=TOPIC)
    return subscriber


@pytest.fixture
async def topic(cloud: Running) -> AsyncIterator[SignalsTopic]:
    async with opened(cloud.addresses["grpc"]) as there:
        yield there


@pytest.fixture
async def nowhere() -> AsyncIterator[SignalsTopic]:
    """The topic where nobody listens."""
    async with opened("127.0.0.1:1") as away:
        yield away


@asynccontextmanager
async def opened(host: str) -> AsyncIterator[SignalsTopic]:
    settings = {"GOOGLE_CLOUD_PROJECT": PROJECT, "PUBSUB_EMULATOR_HOST": host}
    topics = Topics(Settings(settings))
    yield SignalsTopic(topics)
    await topics._transport.grpc_channel.close()


@pytest.fixture
async def admin(cloud: Running) -> AsyncIterator[AdminClient]:
    async with AdminClient(cloud.addresses["admin"]) as client:
        yield client


async def messages(inbox: SubscriberClient, most: int = 100) -> dict[str, object]:
    answer = await asyncio.to_thread(inbox.pull, subscription=INBOX, max_messages=most)
    return {
        each.message.message_id: orjson.loads(each.message.data)
        for each in answer.received_messages
    }


async def test_signals_of_one_request_are_one_message_under_the_id_that_was_confirmed(
    topic: SignalsTopic, inbox: SubscriberClient
) -> None:
    signals = [a_signal("a"), a_signal("b")]
    confirmed = await topic.publish(signals)
    assert await messages(inbox) == {confirmed: encode_signals(signals)}


async def test_requests_that_race_share_calls_and_each_gets_its_own_id(
    topic: SignalsTopic, inbox: SubscriberClient, admin: AdminClient
) -> None:
    signals = [a_signal(n) for n in range(50)]
    ids = await asyncio.gather(*(topic.publish([signal]) for signal in signals))
    expected = {one: encode_signals([signal]) for one, signal in zip(ids, signals, strict=True)}
    assert await messages(inbox) == expected
    calls = (await admin.state())["calls"]["Publish"]
    assert calls <= 3  # the first alone, the rest while it was under way


async def test_a_topic_that_is_missing_confirms_nothing(topic: SignalsTopic) -> None:
    with pytest.raises(NotConfirmed, match="NOT_FOUND"):
        await topic.publish([a_signal()])


async def test_a_call_that_fails_is_told_and_the_next_succeeds(
    topic: SignalsTopic, inbox: SubscriberClient, admin: AdminClient
) -> None:
    await admin.faults(fail_next=1, status=503, match="Publish")
    with pytest.raises(NotConfirmed):
        await topic.publish([a_signal()])
    assert await topic.publish([a_signal()])


async def test_a_pubsub_that_is_not_there_confirms_nothing(nowhere: SignalsTopic) -> None:
    with pytest.raises(NotConfirmed, match="UNAVAILABLE"):
        await nowhere.publish([a_signal()])
