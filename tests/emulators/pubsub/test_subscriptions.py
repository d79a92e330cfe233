"""Subscriptions' options through the official client."""

from typing import Any

import pytest
from google.api_core.exceptions import (
    GoogleAPICallError,
    InvalidArgument,
    MethodNotImplemented,
    NotFound,
)
from google.pubsub_v1.types import Subscription

from tests.emulators.pubsub.cloud import Cloud


async def test_a_subscription_can_be_read_and_listed(cloud: Cloud) -> None:
    topic = await cloud.topic()
    name = await cloud.subscribe(topic, ack_deadline_seconds=30)
    read = await cloud.call(cloud.subscriber.get_subscription, subscription=name)
    assert (read.name, read.topic, read.ack_deadline_seconds) == (name, topic, 30)
    listed = await cloud.call(
        cloud.subscriber.list_subscriptions, project=f"projects/{cloud.project}"
    )
    assert [subscription.name for subscription in listed] == [name]


async def test_a_deleted_subscription_is_gone(cloud: Cloud) -> None:
    name = await cloud.subscribe(await cloud.topic())
    await cloud.call(cloud.subscriber.delete_subscription, subscription=name)
    with pytest.raises(NotFound):
        await cloud.call(cloud.subscriber.get_subscription, subscription=name)


async def test_the_ack_deadline_is_ten_seconds_unless_given(cloud: Cloud) -> None:
    name = await cloud.subscribe(await cloud.topic())
    read = await cloud.call(cloud.subscriber.get_subscription, subscription=name)
    assert read.ack_deadline_seconds == 10


async def test_the_services_defaults_are_filled_in(ours: Cloud) -> None:
    name = await ours.subscribe(await ours.topic(), retry_policy={})
    read = await ours.call(ours.subscriber.get_subscription, subscription=name)
    assert read.message_retention_duration.days == 7
    assert read.expiration_policy.ttl.days == 31
    assert read.retry_policy.minimum_backoff.seconds == 10
    assert read.retry_policy.maximum_backoff.seconds == 600
    assert read.state == Subscription.State.ACTIVE


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"ack_deadline_seconds": 9}, r"\(ack_deadline=9\)\. The ack deadline must be between 10"),
        ({"ack_deadline_seconds": 601}, r"\(ack_deadline=601\)"),
        ({"message_retention_duration": {"seconds": 599}}, "You passed 9m59s .* 10m and 744h"),
        ({"expiration_policy": {"ttl": {"seconds": 3600}}}, "You passed 1h .* minimum .* is 24h"),
        ({"retry_policy": {"maximum_backoff": {"seconds": 601}}}, "maximum_backoff is out of"),
        ({"retry_policy": {"minimum_backoff": {"seconds": 5}, "maximum_backoff": {"seconds": 1}}},
         "You passed 1s in the request, but the minimum value is 5s"),
        ({"dead_letter_policy": {"max_delivery_attempts": 5}}, "Invalid resource name given"),
        ({"filter": "attributes.kind ~ 1"}, "Invalid filter given"),
    ],
)  # fmt: skip
async def test_what_the_service_refuses_is_refused(
    ours: Cloud, options: dict[str, Any], text: str
) -> None:
    with pytest.raises(InvalidArgument, match=text):
        await ours.subscribe(await ours.topic(), **options)


@pytest.mark.parametrize("attempts", [4, 101])
async def test_dead_letters_come_after_five_to_a_hundred_attempts(
    ours: Cloud, attempts: int
) -> None:
    topic = await ours.topic()
    policy = {"dead_letter_topic": topic, "max_delivery_attempts": attempts}
    with pytest.raises(InvalidArgument, match=f"You passed {attempts} in the request"):
        await ours.subscribe(topic, dead_letter_policy=policy)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"enable_exactly_once_delivery": True}, "enable_exactly_once_delivery"),
        ({"bigquery_config": {"table": "a.b.c"}}, "bigquery_config"),
    ],
)
async def test_an_option_that_would_be_ignored_is_refused_by_name(
    ours: Cloud, options: dict[str, Any], name: str
) -> None:
    with pytest.raises(MethodNotImplemented, match=rf"subscription\.{name}"):
        await ours.subscribe(await ours.topic(), **options)


async def test_the_dead_letter_topic_must_exist(cloud: Cloud) -> None:
    topic = await cloud.topic()
    policy = {"dead_letter_topic": cloud.topic_name("nowhere")}
    with pytest.raises(NotFound):
        await cloud.subscribe(topic, dead_letter_policy=policy)


async def test_only_the_masked_fields_change(ours: Cloud) -> None:
    name = await ours.subscribe(await ours.topic(), ack_deadline_seconds=30, labels={"a": "b"})
    updated = await ours.call(
        ours.subscriber.update_subscription,
        subscription={"name": name, "ack_deadline_seconds": 60, "labels": {"c": "d"}},
        update_mask={"paths": ["ack_deadline_seconds"]},
    )
    assert (updated.ack_deadline_seconds, dict(updated.labels)) == (60, {"a": "b"})


@pytest.mark.parametrize(
    ("paths", "text"),
    [
        ([], "must be set, and must contain a non-empty paths list"),
        (["filter"], "'filter' field in the Subscription is not mutable"),
        (["pushConfig"], "'pushConfig' is not a known Subscription field"),
    ],
)
async def test_a_mask_must_name_what_can_change(ours: Cloud, paths: list[str], text: str) -> None:
    name = await ours.subscribe(await ours.topic())
    with pytest.raises(InvalidArgument, match=text):
        await ours.call(
            ours.subscriber.update_subscription,
            subscription={"name": name},
            update_mask={"paths": paths},
        )


async def test_a_refused_change_changes_nothing(ours: Cloud) -> None:
    name = await ours.subscribe(await ours.topic(), ack_deadline_seconds=30)
    with pytest.raises(GoogleAPICallError):
        await ours.call(
            ours.subscriber.update_subscription,
            subscription={
                "name": name,
                "ack_deadline_seconds": 60,
                "expiration_policy": {"ttl": {"seconds": 1}},
            },
            update_mask={"paths": ["ack_deadline_seconds", "expiration_policy"]},
        )
    read = await ours.call(ours.subscriber.get_subscription, subscription=name)
    assert read.ack_deadline_seconds == 30


async def test_a_call_that_is_not_supported_says_its_name(ours: Cloud) -> None:
    name = await ours.subscribe(await ours.topic())
    unsupported = "google.pubsub.v1.Subscriber/CreateSnapshot"
    with pytest.raises(MethodNotImplemented, match=unsupported):
        await ours.call(
            ours.subscriber.create_snapshot,
            name=f"projects/{ours.project}/snapshots/before",
            subscription=name,
        )
