"""What was answered survives the emulator's process, however it ends."""

import json
from pathlib import Path

from emulators import pubsub
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import Answer, HttpTarget
from tests.emulators.process import Emulators, emulators
from tests.emulators.pubsub.cloud import connected

HELD_BACK = {"minimum_backoff": {"seconds": 300}, "maximum_backoff": {"seconds": 300}}


def ids_at(target: HttpTarget) -> list[str]:
    return sorted(json.loads(call.body)["message"]["messageId"] for call in target.calls)


def grpc_of(running: Emulators) -> str:
    return running.addresses["pubsub"]["grpc"]


async def test_everything_is_there_after_a_stop_and_a_start(
    house: House, target: HttpTarget
) -> None:
    first = await pubsub.start(house)
    with connected(first.addresses["grpc"]) as cloud:
        topic = await cloud.topic()
        target.always = Answer(500)
        await cloud.push_to(target.url, topic, retry_policy=HELD_BACK)
        sent = await cloud.publish(topic, "one", "two", "three")
        await target.received(3)
    await first.stop()
    target.calls.clear()
    target.always = Answer(204)
    second = await pubsub.start(house)
    async with AdminClient(second.addresses["admin"]) as admin:
        await admin.until_idle()
    assert ids_at(target) == sent
    with connected(second.addresses["grpc"]) as cloud:
        (later,) = await cloud.publish(topic, "four")
    assert later not in sent
    await second.stop()


async def test_what_was_acknowledged_does_not_come_back(house: House, target: HttpTarget) -> None:
    first = await pubsub.start(house)
    with connected(first.addresses["grpc"]) as cloud:
        topic = await cloud.topic()
        await cloud.push_to(target.url, topic)
        await cloud.publish(topic, "one", "two")
    async with AdminClient(first.addresses["admin"]) as admin:
        await admin.until_idle()
    await first.stop()
    second = await pubsub.start(house)
    async with AdminClient(second.addresses["admin"]) as admin:
        state = await admin.state()
    await second.stop()
    assert [of["undelivered"] for of in state["subscriptions"].values()] == [0]
    assert len(target.calls) == 2


async def test_a_killed_process_loses_no_answered_message(
    tmp_path: Path, target: HttpTarget
) -> None:
    target.always = Answer(500)
    sent: list[str] = []
    with emulators(tmp_path, "pubsub") as first, connected(grpc_of(first)) as cloud:
        topic = await cloud.topic()
        await cloud.push_to(target.url, topic, retry_policy=HELD_BACK)
        for number in range(100):
            sent += await cloud.publish(topic, f"message {number}")
        first.kill()
    await target.received(1)
    target.calls.clear()
    target.always = Answer(204)
    with emulators(tmp_path, "pubsub") as second:
        async with AdminClient(second.addresses["pubsub"]["admin"]) as admin:
            await admin.until_idle()
    assert set(ids_at(target)) == set(sent)


async def test_a_killed_process_keeps_deletions(tmp_path: Path, target: HttpTarget) -> None:
    with emulators(tmp_path, "pubsub") as first, connected(grpc_of(first)) as cloud:
        topic = await cloud.topic()
        subscription = await cloud.subscribe(topic)
        await cloud.publish(topic, "hello")
        await cloud.call(cloud.subscriber.delete_subscription, subscription=subscription)
        await cloud.call(cloud.publisher.delete_topic, topic=topic)
        first.kill()
    with emulators(tmp_path, "pubsub") as second:
        async with AdminClient(second.addresses["pubsub"]["admin"]) as admin:
            state = await admin.state()
    assert (state["topics"], state["subscriptions"]) == ([], {})
