"""Topics through the official client."""

import asyncio

import pytest
from google.api_core.exceptions import (
    AlreadyExists,
    InvalidArgument,
    MethodNotImplemented,
    NotFound,
)

from tests.emulators.pubsub.cloud import Cloud


async def test_a_created_topic_can_be_read_and_listed(cloud: Cloud) -> None:
    name = await cloud.topic("signals")
    await cloud.topic("trip-generated")
    assert (await cloud.call(cloud.publisher.get_topic, topic=name)).name == name
    listed = await cloud.call(cloud.publisher.list_topics, project=f"projects/{cloud.project}")
    names = sorted(topic.name for topic in listed)
    assert names == [cloud.topic_name("signals"), cloud.topic_name("trip-generated")]


async def test_a_topic_name_is_taken_once(cloud: Cloud) -> None:
    await cloud.topic("signals")
    with pytest.raises(AlreadyExists):
        await cloud.topic("signals")


async def test_a_deleted_topic_is_gone_and_its_subscriptions_stay(cloud: Cloud) -> None:
    topic = await cloud.topic()
    subscription = await cloud.subscribe(topic)
    await cloud.call(cloud.publisher.delete_topic, topic=topic)
    with pytest.raises(NotFound):
        await cloud.call(cloud.publisher.get_topic, topic=topic)
    left = await cloud.call(cloud.subscriber.get_subscription, subscription=subscription)
    assert left.topic == "_deleted-topic_"


async def test_a_topic_tells_its_subscriptions(cloud: Cloud) -> None:
    topic = await cloud.topic()
    await cloud.subscribe(topic, "store")
    await cloud.subscribe(topic, "archive")
    listed = await cloud.call(cloud.publisher.list_topic_subscriptions, topic=topic)
    assert sorted(listed) == [cloud.subscription_name("archive"), cloud.subscription_name("store")]


async def test_a_missing_topic_is_refused_in_the_services_words(ours: Cloud) -> None:
    name = ours.topic_name("nowhere")
    for method in (ours.publisher.get_topic, ours.publisher.delete_topic):
        with pytest.raises(NotFound, match=r"Resource not found \(resource=nowhere\)\."):
            await ours.call(method, topic=name)
    with pytest.raises(NotFound, match=r"Resource not found \(resource=nowhere\)\."):
        await ours.publish(name, "lost")
    with pytest.raises(NotFound, match=r"Resource not found \(resource=nowhere\)\."):
        await ours.subscribe(name)


async def test_a_taken_name_is_refused_in_the_services_words(ours: Cloud) -> None:
    topic = await ours.topic()
    await ours.subscribe(topic)
    taken = r"Resource already exists in the project \(resource={}\)\."
    with pytest.raises(AlreadyExists, match=taken.format("signals")):
        await ours.topic()
    with pytest.raises(AlreadyExists, match=taken.format("store")):
        await ours.subscribe(topic)


@pytest.mark.parametrize("id", ["ab", "goog-probe", "1-digit", "bad$sign", "a" * 256])
async def test_an_invalid_id_is_refused(ours: Cloud, id: str) -> None:
    with pytest.raises(InvalidArgument, match=r"Invalid resource name given \(name=projects/"):
        await ours.topic(id)


async def test_lists_come_in_pages_without_a_gap(ours: Cloud) -> None:
    names = [await ours.topic(f"topic-{number}") for number in range(5)]
    request = {"project": f"projects/{ours.project}", "page_size": 2}

    def pages() -> list[list[str]]:
        listed = ours.publisher.list_topics(request=request)
        return [[topic.name for topic in page.topics] for page in listed.pages]

    assert await asyncio.to_thread(pages) == [names[:2], names[2:4], names[4:]]


async def test_labels_change_and_nothing_else_does(ours: Cloud) -> None:
    topic = await ours.topic()
    await ours.call(
        ours.publisher.update_topic,
        topic={"name": topic, "labels": {"stage": "local"}},
        update_mask={"paths": ["labels"]},
    )
    assert dict((await ours.call(ours.publisher.get_topic, topic=topic)).labels) == {
        "stage": "local"
    }
    with pytest.raises(InvalidArgument, match="'name' field in the Topic is not mutable"):
        await ours.call(
            ours.publisher.update_topic, topic={"name": topic}, update_mask={"paths": ["name"]}
        )


async def test_an_option_that_would_be_ignored_is_refused_by_name(ours: Cloud) -> None:
    with pytest.raises(MethodNotImplemented, match=r"topic\.kms_key_name"):
        await ours.call(
            ours.publisher.create_topic, name=ours.topic_name("secret"), kms_key_name="a/key"
        )
