"""Push delivery to a real endpoint."""

import asyncio
import json
import socket
from base64 import b64decode, b64encode

import pytest
from google.api_core.exceptions import InvalidArgument, MethodNotImplemented

from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import Answer, HttpTarget, Received
from tests.emulators.pubsub.cloud import Cloud
from tests.emulators.pubsub.out import answered, outstanding

HELD_BACK = {"minimum_backoff": {"seconds": 10}, "maximum_backoff": {"seconds": 40}}


def text_of(call: Received) -> str:
    return b64decode(json.loads(call.body)["message"]["data"]).decode()


async def test_the_body_is_the_push_envelope(cloud: Cloud, target: HttpTarget) -> None:
    topic = await cloud.topic()
    subscription = await cloud.push_to(f"{target.url}/events?key=1", topic)
    (id,) = await cloud.publish(topic, "hello", kind="slot_view")
    (call,) = await target.received(1)
    body = json.loads(call.body)
    message = body["message"]
    assert (call.method, call.path) == ("POST", "/events?key=1")
    assert call.headers["content-type"].startswith("application/json")
    assert body["subscription"] == subscription
    assert message["data"] == b64encode(b"hello").decode()
    assert message["attributes"] == {"kind": "slot_view"}
    assert message["messageId"] == message["message_id"] == id
    assert message["publishTime"] == message["publish_time"]
    assert message["publishTime"].endswith("Z")


async def test_nothing_else_stands_in_the_body(ours: Cloud, target: HttpTarget) -> None:
    topic = await ours.topic()
    await ours.push_to(target.url, topic)
    await ours.publish(topic, "hello")
    (call,) = await target.received(1)
    body = json.loads(call.body)
    assert set(body) == {"message", "subscription"}
    assert set(body["message"]) == {
        "data",
        "messageId",
        "message_id",
        "publishTime",
        "publish_time",
    }
    assert call.headers["user-agent"] == "CloudPubSub-Google"
    assert "authorization" not in call.headers


async def test_a_message_goes_to_every_subscription_of_its_topic(
    cloud: Cloud, target: HttpTarget
) -> None:
    topic = await cloud.topic()
    await cloud.push_to(f"{target.url}/store", topic, "store")
    await cloud.push_to(f"{target.url}/archive", topic, "archive")
    await cloud.publish(topic, "hello")
    assert {call.path for call in await target.received(2)} == {"/store", "/archive"}


async def test_a_message_comes_again_until_it_is_acknowledged(
    cloud: Cloud, target: HttpTarget
) -> None:
    topic = await cloud.topic()
    target.script(500, 404)
    await cloud.push_to(target.url, topic)
    await cloud.publish(topic, "hello")
    calls = await target.received(3)
    assert len({json.loads(call.body)["message"]["messageId"] for call in calls}) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_these_answers_acknowledge(
    ours: Cloud, admin: AdminClient, target: HttpTarget, status: int
) -> None:
    topic = await ours.topic()
    target.always = Answer(status)
    await ours.push_to(target.url, topic)
    await ours.publish(topic, "hello")
    await admin.until_idle()
    assert len(target.calls) == 1


@pytest.mark.parametrize("status", [203, 206, 302, 400, 401, 429, 503])
async def test_any_other_answer_is_a_failure(
    ours: Cloud, admin: AdminClient, target: HttpTarget, status: int
) -> None:
    topic = await ours.topic()
    target.script(Answer(status, {"Location": f"{target.url}/elsewhere"}))
    await ours.push_to(f"{target.url}/here", topic)
    await ours.publish(topic, "hello")
    await admin.until_idle()
    assert [call.path for call in target.calls] == ["/here", "/here"]


async def test_a_failed_message_waits_for_its_backoff_and_others_do_not(
    ours: Cloud, admin: AdminClient, target: HttpTarget, house: House
) -> None:
    topic = await ours.topic()
    await ours.push_to(target.url, topic, retry_policy=HELD_BACK)
    target.script(500)
    await ours.publish(topic, "late")
    await target.received(1)
    for turn, backoff in enumerate((10, 20, 40, 40)):
        await answered(admin)
        house.clock.advance(backoff - 5)
        await ours.publish(topic, "prompt")
        await target.received(2 * turn + 2)
        await answered(admin)
        target.script(500)
        house.clock.advance(5)
        await target.received(2 * turn + 3)
    texts = [text_of(call) for call in target.calls]
    assert texts == ["late", *["prompt", "late"] * 4]


async def test_without_a_retry_policy_a_failure_pauses_the_whole_subscription(
    ours: Cloud, admin: AdminClient, target: HttpTarget, house: House
) -> None:
    topic = await ours.topic()
    target.always = Answer(500)
    await ours.push_to(target.url, topic)
    await ours.publish(topic, "first")
    await target.received(3)  # after 0.1 s and 0.2 s
    target.always = Answer(204)
    before = len(target.calls)
    await ours.publish(topic, "second")
    house.clock.advance(60)
    await admin.until_idle()
    assert len(target.calls) == before + 2


async def test_a_failing_message_does_not_hold_up_the_others(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    target.script(500)
    await ours.push_to(target.url, topic)
    await ours.publish(topic, "poison", "a", "b")
    await admin.until_idle()
    assert [text_of(call) for call in target.calls] == ["poison", "a", "b", "poison"]


async def test_the_window_opens_with_success(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    await ours.push_to(target.url, topic)
    target.hold()
    await ours.publish(topic, "first")
    await target.received(1)
    await ours.publish(topic, *(f"message {number}" for number in range(6)))
    assert await outstanding(admin) == 1
    target.release()
    await admin.until_idle()
    target.most_running = 0
    target.hold()
    await ours.publish(topic, *(f"message {number}" for number in range(6)))
    await target.received(13)
    assert target.running == 6


async def test_an_ordering_key_waits_for_its_acknowledgement(
    cloud: Cloud, target: HttpTarget
) -> None:
    topic = await cloud.topic()
    target.script(500)
    await cloud.push_to(target.url, topic, enable_message_ordering=True)
    messages = [{"data": f"a{turn}".encode(), "ordering_key": "a"} for turn in range(3)]
    await cloud.publish_messages(topic, *messages)
    calls = await target.received(4)
    assert [text_of(call) for call in calls] == ["a0", "a0", "a1", "a2"]
    assert target.most_running == 1


async def test_other_keys_go_on_and_the_body_tells_the_key(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    target.script(500)
    await ours.push_to(target.url, topic, enable_message_ordering=True)
    messages = [{"data": key.encode(), "ordering_key": key} for key in "aab"]
    await ours.publish_messages(topic, *messages)
    await admin.until_idle()
    keys = [json.loads(call.body)["message"]["orderingKey"] for call in target.calls]
    assert keys == ["a", "b", "a", "a"]


async def test_a_filter_lets_only_its_messages_through(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    await ours.push_to(target.url, topic, filter='attributes.kind = "slot_view"')
    await ours.publish(topic, "no", kind="slot_skip")
    await ours.publish(topic, "yes", kind="slot_view")
    await admin.until_idle()
    assert [text_of(call) for call in target.calls] == ["yes"]


async def test_a_new_endpoint_takes_over(cloud: Cloud, target: HttpTarget) -> None:
    topic = await cloud.topic()
    subscription = await cloud.push_to(f"{target.url}/old", topic)
    await cloud.call(
        cloud.subscriber.modify_push_config,
        subscription=subscription,
        push_config={"push_endpoint": f"{target.url}/new"},
    )
    await cloud.publish(topic, "hello")
    (call,) = await target.received(1)
    assert call.path == "/new"


async def test_what_fails_at_one_endpoint_goes_to_the_next(
    ours: Cloud, target: HttpTarget, house: House
) -> None:
    topic = await ours.topic()
    target.script(500)
    subscription = await ours.push_to(f"{target.url}/old", topic)
    await ours.publish(topic, "hello")
    await target.received(1)
    await ours.call(
        ours.subscriber.update_subscription,
        subscription={
            "name": subscription,
            "push_config": {"push_endpoint": f"{target.url}/new"},
        },
        update_mask={"paths": ["push_config"]},
    )
    assert [call.path for call in await target.received(2)][-1] == "/new"


async def test_what_is_out_when_the_endpoint_changes_goes_to_the_new_one(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    target.script(Answer(silent=True))
    subscription = await ours.push_to(f"{target.url}/old", topic)
    await ours.publish(topic, "hello")
    await target.received(1)
    await ours.call(
        ours.subscriber.modify_push_config,
        subscription=subscription,
        push_config={"push_endpoint": f"{target.url}/new"},
    )
    assert await admin.is_idle(5)  # long before the ack deadline
    assert [call.path for call in target.calls] == ["/old", "/new"]


async def test_a_deleted_subscription_delivers_no_more(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    target.always = Answer(500)
    subscription = await ours.push_to(target.url, topic, retry_policy=HELD_BACK)
    await ours.publish(topic, "hello")
    await target.received(1)
    await answered(admin)
    await ours.call(ours.subscriber.delete_subscription, subscription=subscription)
    await ours.publish(topic, "again")
    await admin.until_idle()
    assert len(target.calls) == 1


async def test_an_endpoint_that_is_silent_for_the_ack_deadline_has_failed(
    ours: Cloud, admin: AdminClient, target: HttpTarget, house: House
) -> None:
    topic = await ours.topic()
    target.script(Answer(silent=True))
    await ours.push_to(target.url, topic, ack_deadline_seconds=30)
    await ours.publish(topic, "hello")
    await target.received(1)
    house.clock.advance(25)
    assert await outstanding(admin) == 1
    house.clock.advance(5)
    await target.received(2)
    await admin.until_idle()
    async with asyncio.timeout(5):  # the first request is broken off
        while target.running:
            await admin.state()


@pytest.mark.full
async def test_the_ack_deadline_holds_in_real_time(cloud: Cloud, target: HttpTarget) -> None:
    topic = await cloud.topic()
    target.script(Answer(silent=True))
    await cloud.push_to(target.url, topic, ack_deadline_seconds=10)
    await cloud.publish(topic, "hello")
    await target.received(2)


async def test_an_endpoint_that_nobody_listens_on_has_failed(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    subscription = await ours.push_to(nobody, topic)
    await ours.publish(topic, "hello")
    await answered(admin)
    await ours.call(
        ours.subscriber.modify_push_config,
        subscription=subscription,
        push_config={"push_endpoint": target.url},
    )
    await admin.until_idle()
    assert len(target.calls) == 1


async def test_a_message_past_its_retention_is_dropped(
    ours: Cloud, admin: AdminClient, target: HttpTarget, house: House
) -> None:
    topic = await ours.topic()
    target.always = Answer(500)
    await ours.push_to(
        target.url, topic, message_retention_duration={"seconds": 600}, retry_policy=HELD_BACK
    )
    await ours.publish(topic, "hello")
    await target.received(1)
    await answered(admin)
    house.clock.advance(3600)
    await admin.until_idle()
    assert len(target.calls) == 1


async def test_dead_letters_go_to_their_topic_and_say_where_they_come_from(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic, dead = await ours.topic("signals"), await ours.topic("dead")
    await ours.push_to(f"{target.url}/dead", dead, "morgue")
    target.script(500, 500, 500, 500, 500)
    await ours.push_to(
        f"{target.url}/alive",
        topic,
        dead_letter_policy={"dead_letter_topic": dead, "max_delivery_attempts": 5},
        retry_policy={"minimum_backoff": {}, "maximum_backoff": {}},
    )
    await ours.publish(topic, "poison", kind="bad")
    await admin.until_idle()
    assert [call.path for call in target.calls] == ["/alive"] * 5 + ["/dead"]
    attempts = [json.loads(call.body)["deliveryAttempt"] for call in target.calls[:5]]
    assert attempts == [1, 2, 3, 4, 5]
    attributes = json.loads(target.calls[5].body)["message"]["attributes"]
    assert attributes["kind"] == "bad"
    assert attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "5"
    assert attributes["CloudPubSubDeadLetterSourceSubscription"] == "store"
    assert attributes["CloudPubSubDeadLetterSourceSubscriptionProject"] == ours.project
    assert "CloudPubSubDeadLetterSourceTopicPublishTime" in attributes


async def test_deliveries_can_be_duplicated(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    await ours.push_to(target.url, topic)
    await admin.faults(duplicate_next=2)
    await ours.publish(topic, "a", "b", "c")
    await admin.until_idle()
    assert sorted(text_of(call) for call in target.calls) == ["a", "a", "b", "b", "c"]


async def test_deliveries_can_be_reordered(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    await ours.push_to(target.url, topic)
    await admin.faults(reorder_next=1)
    await ours.publish(topic, "a", "b", "c")
    await admin.until_idle()
    assert text_of(target.calls[0]) == "c"


async def test_idle_comes_only_when_everything_is_acknowledged(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    subscription = await ours.push_to(target.url, topic)
    target.hold()
    await ours.publish(topic, "hello")
    await target.received(1)
    assert not await admin.is_idle()
    assert (await admin.state())["subscriptions"][subscription]["undelivered"] == 1
    target.release()
    await admin.until_idle()
    assert (await admin.state())["subscriptions"][subscription]["undelivered"] == 0


async def test_reset_forgets_everything(
    ours: Cloud, admin: AdminClient, target: HttpTarget
) -> None:
    topic = await ours.topic()
    target.always = Answer(500)
    await ours.push_to(target.url, topic)
    await ours.publish(topic, "hello")
    await admin.reset()
    await admin.until_idle()
    state = await admin.state()
    assert (state["topics"], state["subscriptions"], state["calls"]) == ([], {}, {})


@pytest.mark.parametrize("url", ["ftp://host/path", "no url", "http:///path", "http://[bad"])
async def test_an_endpoint_must_be_a_url(ours: Cloud, url: str) -> None:
    topic = await ours.topic()
    with pytest.raises(InvalidArgument, match="Invalid push endpoint given"):
        await ours.push_to(url, topic)


async def test_unwrapped_push_is_refused_by_name(ours: Cloud, target: HttpTarget) -> None:
    topic = await ours.topic()
    push = {"push_endpoint": target.url, "no_wrapper": {"write_metadata": True}}
    with pytest.raises(MethodNotImplemented, match=r"push_config\.no_wrapper"):
        await ours.subscribe(topic, push_config=push)
