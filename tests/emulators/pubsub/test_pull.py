"""Pull and StreamingPull through the official client."""

import asyncio
import threading
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from google.api_core.exceptions import FailedPrecondition, InvalidArgument
from google.cloud.pubsub_v1.subscriber.message import Message
from google.cloud.pubsub_v1.types import FlowControl
from google.pubsub_v1.types import StreamingPullRequest

from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget
from tests.emulators.pubsub.cloud import Cloud
from tests.emulators.pubsub.out import answered


async def pull(cloud: Cloud, subscription: str, most: int = 10) -> list[Any]:
    answer = await cloud.call(cloud.subscriber.pull, subscription=subscription, max_messages=most)
    return list(answer.received_messages)


async def acknowledge(cloud: Cloud, subscription: str, *received: Any) -> None:
    ids = [one.ack_id for one in received]
    await cloud.call(cloud.subscriber.acknowledge, subscription=subscription, ack_ids=ids)


async def test_what_is_pulled_and_acknowledged_is_gone(cloud: Cloud) -> None:
    topic = await cloud.topic()
    subscription = await cloud.subscribe(topic)
    await cloud.publish(topic, "first", kind="slot_view")
    (first,) = await pull(cloud, subscription)
    assert (first.message.data, dict(first.message.attributes)) == (b"first", {"kind": "slot_view"})
    await acknowledge(cloud, subscription, first)
    await cloud.publish(topic, "second")
    (second,) = await pull(cloud, subscription)
    assert second.message.data == b"second"


async def test_a_waiting_pull_gets_what_is_published_meanwhile(cloud: Cloud) -> None:
    topic = await cloud.topic()
    subscription = await cloud.subscribe(topic)
    waiting = asyncio.create_task(pull(cloud, subscription))
    await asyncio.sleep(0)
    await cloud.publish(topic, "hello")
    (received,) = await waiting
    assert received.message.data == b"hello"


async def test_a_message_given_back_comes_again(cloud: Cloud) -> None:
    topic = await cloud.topic()
    subscription = await cloud.subscribe(topic)
    (id,) = await cloud.publish(topic, "hello")
    (received,) = await pull(cloud, subscription)
    await cloud.call(
        cloud.subscriber.modify_ack_deadline,
        subscription=subscription,
        ack_ids=[received.ack_id],
        ack_deadline_seconds=0,
    )
    (again,) = await pull(cloud, subscription)
    assert again.message.message_id == id


async def test_a_message_that_is_not_acknowledged_in_time_comes_again(
    ours: Cloud, house: House
) -> None:
    topic = await ours.topic()
    subscription = await ours.subscribe(topic)
    await ours.publish(topic, "first")
    (first,) = await pull(ours, subscription)
    house.clock.advance(10)
    (again,) = await pull(ours, subscription)
    assert again.message.data == b"first"
    assert again.ack_id != first.ack_id


async def test_an_extended_deadline_holds(ours: Cloud, house: House) -> None:
    topic = await ours.topic()
    subscription = await ours.subscribe(topic)
    await ours.publish(topic, "first")
    (first,) = await pull(ours, subscription)
    await ours.call(
        ours.subscriber.modify_ack_deadline,
        subscription=subscription,
        ack_ids=[first.ack_id],
        ack_deadline_seconds=600,
    )
    house.clock.advance(500)
    await ours.publish(topic, "second")
    (second,) = await pull(ours, subscription)
    assert second.message.data == b"second"


async def test_a_late_ack_id_does_not_end_the_next_attempt(ours: Cloud, house: House) -> None:
    topic = await ours.topic()
    subscription = await ours.subscribe(topic)
    await ours.publish(topic, "first")
    (late,) = await pull(ours, subscription)
    house.clock.advance(10)
    await pull(ours, subscription)
    await ours.call(
        ours.subscriber.modify_ack_deadline,
        subscription=subscription,
        ack_ids=[late.ack_id],
        ack_deadline_seconds=0,
    )
    await ours.publish(topic, "second")
    assert [one.message.data for one in await pull(ours, subscription)] == [b"second"]


async def test_a_late_acknowledgement_still_counts(
    ours: Cloud, admin: AdminClient, house: House
) -> None:
    topic = await ours.topic()
    subscription = await ours.subscribe(topic)
    await ours.publish(topic, "first")
    (first,) = await pull(ours, subscription)
    house.clock.advance(20)
    await acknowledge(ours, subscription, first)
    await admin.until_idle()


async def test_the_attempt_is_told_with_a_dead_letter_policy_alone(ours: Cloud) -> None:
    topic, dead = await ours.topic(), await ours.topic("dead")
    plain = await ours.subscribe(topic, "plain")
    counted = await ours.subscribe(topic, "counted", dead_letter_policy={"dead_letter_topic": dead})
    await ours.publish(topic, "hello")
    assert [one.delivery_attempt for one in await pull(ours, plain)] == [0]
    assert [one.delivery_attempt for one in await pull(ours, counted)] == [1]


@pytest.mark.parametrize("ids", [[], ["no ack id"]])
async def test_an_ack_id_must_be_one(ours: Cloud, ids: list[str]) -> None:
    subscription = await ours.subscribe(await ours.topic())
    with pytest.raises(InvalidArgument, match="ack ID"):
        await ours.call(ours.subscriber.acknowledge, subscription=subscription, ack_ids=ids)


async def test_a_push_subscription_cannot_be_pulled(ours: Cloud, target: HttpTarget) -> None:
    subscription = await ours.push_to(target.url, await ours.topic())
    with pytest.raises(FailedPrecondition, match="not supported for this subscription type"):
        await pull(ours, subscription)


async def test_a_pulled_message_is_not_pushed_until_it_is_given_back(
    ours: Cloud, target: HttpTarget, house: House
) -> None:
    topic = await ours.topic()
    subscription = await ours.subscribe(topic)
    await ours.publish(topic, "held", "free")
    await pull(ours, subscription, 1)
    await ours.call(
        ours.subscriber.modify_push_config,
        subscription=subscription,
        push_config={"push_endpoint": target.url},
    )
    assert len(await target.received(1)) == 1
    house.clock.advance(10)
    await target.received(2)


async def test_a_stream_brings_everything_once(cloud: Cloud) -> None:
    topic = await cloud.topic()
    subscription = await cloud.subscribe(topic)
    expected = [f"message {number}" for number in range(200)]
    await cloud.publish(topic, *expected[:100])
    received: Queue[str] = Queue()

    def take(message: Message) -> None:
        message.ack()
        received.put(message.data.decode())

    stream = cloud.subscriber.subscribe(subscription, callback=take)
    try:
        await cloud.publish(topic, *expected[100:])
        texts = [await asyncio.to_thread(received.get, timeout=20) for _ in expected]
    finally:
        await asyncio.to_thread(_end, stream)
    assert sorted(texts) == sorted(expected)


async def test_an_acknowledgement_makes_room_on_a_full_stream(
    ours: Cloud, admin: AdminClient
) -> None:
    topic = await ours.topic()
    subscription = await ours.subscribe(topic)
    await ours.publish(topic, *(f"message {number}" for number in range(20)))
    most_at_once: list[int] = []
    received: Queue[Message] = Queue()
    stream = ours.subscriber.subscribe(
        subscription, callback=received.put, flow_control=FlowControl(max_messages=2)
    )
    try:
        for _ in range(20):
            message = await asyncio.to_thread(received.get, timeout=20)
            state = await admin.state()
            most_at_once.append(state["subscriptions"][subscription]["outstanding"])
            message.ack()
        await admin.until_idle()
    finally:
        await asyncio.to_thread(_end, stream)
    assert max(most_at_once) == 2


async def test_a_unary_acknowledgement_alone_wakes_a_full_stream(ours: Cloud) -> None:
    topic = await ours.topic()
    subscription = await ours.subscribe(topic)
    await ours.publish(topic, "first", "second")
    ended = threading.Event()

    def requests() -> Iterator[StreamingPullRequest]:
        yield StreamingPullRequest(
            subscription=subscription, stream_ack_deadline_seconds=600, max_outstanding_messages=1
        )
        ended.wait(20)

    def texts() -> Iterator[str]:
        for response in ours.subscriber.streaming_pull(requests=requests(), timeout=20):
            for received in response.received_messages:
                yield received.message.data.decode()
                ids = [received.ack_id]
                ours.subscriber.acknowledge(subscription=subscription, ack_ids=ids)

    try:
        stream = texts()
        for expected in ("first", "second"):
            assert await asyncio.to_thread(next, stream) == expected
    finally:
        ended.set()


async def test_a_stream_that_says_something_invalid_is_told_so(ours: Cloud) -> None:
    subscription = await ours.subscribe(await ours.topic())

    def requests() -> Iterator[StreamingPullRequest]:
        yield StreamingPullRequest(subscription=subscription, stream_ack_deadline_seconds=10)
        yield StreamingPullRequest(ack_ids=["no ack id"])
        held_open.wait(20)

    held_open = threading.Event()

    def listen() -> None:
        for _ in ours.subscriber.streaming_pull(requests=requests(), timeout=20):
            pass

    try:
        with pytest.raises(InvalidArgument, match="invalid ack ID"):
            await asyncio.to_thread(listen)
    finally:
        held_open.set()


async def test_messages_of_a_closed_stream_come_again(
    ours: Cloud, admin: AdminClient, house: House
) -> None:
    topic = await ours.topic()
    subscription = await ours.subscribe(topic)
    received: Queue[Message] = Queue()
    stream = ours.subscriber.subscribe(subscription, callback=received.put)
    await ours.publish(topic, "hello")
    await asyncio.to_thread(received.get, timeout=20)
    await asyncio.to_thread(_end, stream)
    await answered(admin)  # the emulator has seen the end, too
    house.clock.advance(700)
    (again,) = await pull(ours, subscription)
    assert again.message.data == b"hello"


def _end(stream: Any) -> None:
    stream.cancel()
    stream.result(timeout=20)
