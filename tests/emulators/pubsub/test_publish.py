"""Publishing through the official client."""

import asyncio

import pytest
from google.api_core.exceptions import InvalidArgument

from tests.emulators.admin_client import AdminClient
from tests.emulators.pubsub.cloud import Cloud


async def test_each_message_has_an_id_of_its_own(cloud: Cloud) -> None:
    topic = await cloud.topic()
    ids = await cloud.publish(topic, *(f"message {number}" for number in range(20)))
    ids += await cloud.publish(topic, "another")
    assert len(set(ids)) == 21
    assert all(id.isdecimal() for id in ids)


async def test_the_batching_publisher_gets_one_id_per_message(cloud: Cloud) -> None:
    topic = await cloud.topic()
    futures = [cloud.publisher.publish(topic, b"message") for _ in range(300)]
    ids = await asyncio.gather(*(asyncio.wrap_future(future) for future in futures))
    assert len(set(ids)) == 300


async def test_an_empty_message_is_refused(cloud: Cloud) -> None:
    topic = await cloud.topic()
    for message in ({}, {"ordering_key": "key"}):
        with pytest.raises(InvalidArgument):
            await cloud.publish_messages(topic, message)


async def test_an_empty_request_is_refused(ours: Cloud) -> None:
    topic = await ours.topic()
    with pytest.raises(InvalidArgument, match="You passed 0 in the request, but the minimum"):
        await ours.publish(topic)


async def test_a_message_of_attributes_alone_is_taken(cloud: Cloud) -> None:
    topic = await cloud.topic()
    assert await cloud.publish(topic, "", kind="slot_view")


async def test_more_than_a_thousand_messages_are_refused(ours: Cloud) -> None:
    topic = await ours.topic()
    text = "message_count is too large. You passed 1001 in the request, but the maximum .* 1000"
    with pytest.raises(InvalidArgument, match=text):
        await ours.publish(topic, *["message"] * 1001)


async def test_ten_megabytes_are_the_limit_of_a_request(ours: Cloud) -> None:
    topic = await ours.topic()
    await ours.publish(topic, "x" * 9_900_000)
    with pytest.raises(InvalidArgument, match="request_size is too large"):
        await ours.publish(topic, "x" * 10_000_001)


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ({"googclient": "x"}, "reserved"),
        ({"k" * 257: "x"}, "attribute key size is too large"),
        ({"key": "v" * 1025}, "attribute value size is too large"),
        ({f"key{number}": "x" for number in range(101)}, "attributes count is too large"),
    ],
)
async def test_attributes_have_limits(ours: Cloud, attributes: dict[str, str], text: str) -> None:
    topic = await ours.topic()
    with pytest.raises(InvalidArgument, match=text):
        await ours.publish(topic, "message", **attributes)


async def test_the_client_gets_over_an_injected_outage(ours: Cloud, admin: AdminClient) -> None:
    topic = await ours.topic()
    await admin.faults(fail_next=2, status=503, match="Publish")
    assert await asyncio.wrap_future(ours.publisher.publish(topic, b"message"))
    assert (await admin.state())["calls"]["Publish"] == 3


async def test_a_dropped_connection_looks_like_one_and_is_tried_again(
    ours: Cloud, admin: AdminClient
) -> None:
    topic = await ours.topic()
    await admin.faults(disconnect_next=1, match="Publish")
    assert await asyncio.wrap_future(ours.publisher.publish(topic, b"message"))
    assert (await admin.state())["calls"]["Publish"] == 2


async def test_the_state_tells_what_was_asked(ours: Cloud, admin: AdminClient) -> None:
    topic = await ours.topic()
    await ours.publish(topic, "message", kind="slot_view")
    state = await admin.state()
    assert state["calls"] == {"CreateTopic": 1, "Publish": 1}
    published = state["recent"][-1]
    assert published["name"] == "Publish"
    assert published["detail"]["topic"] == topic
    assert published["detail"]["messages"][0]["attributes"] == {"kind": "slot_view"}
