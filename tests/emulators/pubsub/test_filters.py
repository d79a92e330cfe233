"""The filter language: https://cloud.google.com/pubsub/docs/subscription-message-filter."""

import pytest
from google.api_core.exceptions import InvalidArgument

from tests.emulators.admin_client import AdminClient
from tests.emulators.pubsub.cloud import Cloud


async def taken_in(ours: Cloud, admin: AdminClient, text: str) -> bool:
    """Whether a message about Seattle passes the filter."""
    topic = await ours.topic()
    subscription = await ours.subscribe(topic, filter=text)
    await ours.publish(topic, "hello", city="seattle", kind="slot_view")
    state = await admin.state()
    return bool(state["subscriptions"][subscription]["undelivered"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "attributes:city",
        'attributes.city = "seattle"',
        'attributes.city="seattle"',
        'attributes."city" = "seattle"',
        'attributes.city != "tokyo"',
        'attributes.country != "us"',
        'hasPrefix(attributes.city, "sea")',
        'NOT attributes.city = "tokyo"',
        "-attributes:country",
        'attributes:city AND attributes.kind = "slot_view"',
        'attributes.city = "tokyo" OR attributes.kind = "slot_view"',
        '(attributes:country OR attributes:city) AND NOT hasPrefix(attributes.kind, "pivot")',
    ],
)
async def test_these_let_the_message_through(ours: Cloud, admin: AdminClient, text: str) -> None:
    assert await taken_in(ours, admin, text)


@pytest.mark.parametrize(
    "text",
    [
        "attributes:country",
        'attributes.city = "Seattle"',
        'attributes.city != "seattle"',
        'hasPrefix(attributes.city, "tok")',
        'hasPrefix(attributes.country, "")',
        "NOT attributes:city",
        "attributes:city AND attributes:country",
        'attributes.city = "tokyo" OR attributes.kind = "slot_skip"',
    ],
)
async def test_these_keep_it_back(ours: Cloud, admin: AdminClient, text: str) -> None:
    assert not await taken_in(ours, admin, text)


@pytest.mark.parametrize(
    "text",
    [
        "city",
        "attributes",
        "attributes.city",
        "attributes.city = seattle",
        'attributes.city > "a"',
        'attributes.city = "open',
        "(attributes:city",
        "attributes:city)",
        "attributes:city attributes:kind",
        "attributes:a AND attributes:b OR attributes:c",
        'data = "x"',
        "attributes:" + "a" * 256,
    ],
)
async def test_these_are_refused(ours: Cloud, text: str) -> None:
    topic = await ours.topic()
    with pytest.raises(InvalidArgument, match="filter"):
        await ours.subscribe(topic, filter=text)
