"""Each trigger wraps its payload in its own way; a function sees one Delivery."""

import base64

import pytest

from shared.runtime.envelopes import Delivery, open_envelope
from shared.runtime.errors import BodyMalformed


def push(data: str, **more: object) -> bytes:
    import json

    message = {"data": data, "messageId": "m1", "message_id": "m1", "attributes": {"k": "v"}}
    return json.dumps({"message": message, "subscription": "s", **more}).encode()


def test_a_pubsub_push_is_opened() -> None:
    data = base64.b64encode(b'{"a": 1}').decode()
    assert open_envelope({}, push(data)) == Delivery("m1", {"a": 1}, {"k": "v"}, 1)


def test_the_delivery_attempt_of_a_dead_letter_policy_is_kept() -> None:
    data = base64.b64encode(b"{}").decode()
    assert open_envelope({}, push(data, deliveryAttempt=4)).attempt == 4


def test_an_eventarc_event_carries_the_same_push_body() -> None:
    headers = {"ce-id": "m1", "ce-type": "google.cloud.pubsub.topic.v1.messagePublished"}
    data = base64.b64encode(b'{"a": 1}').decode()
    assert open_envelope(headers, push(data)).payload == {"a": 1}


def test_a_cloud_task_is_its_body_and_counts_its_tries_from_one() -> None:
    headers = {"x-cloudtasks-taskname": "t1", "x-cloudtasks-taskretrycount": "2"}
    assert open_envelope(headers, b'{"cell": 1}') == Delivery("t1", {"cell": 1}, {}, 3)


def test_a_schedule_needs_no_body() -> None:
    headers = {"x-cloudscheduler": "true", "x-cloudscheduler-jobname": "relay-outbox"}
    assert open_envelope(headers, b"") == Delivery("relay-outbox", {}, {}, 1)


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[]", b'{"message": []}', push("not base64!"), push("W10=")]
)
def test_what_is_no_envelope_is_malformed(body: bytes) -> None:
    with pytest.raises(BodyMalformed):
        open_envelope({}, body)
