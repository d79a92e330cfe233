"""Owns the body of a push request, as Pub/Sub writes it.

https://cloud.google.com/pubsub/docs/push#receive_push
"""

import datetime
from base64 import b64encode
from typing import Any

import orjson


def push_body(message: Any, subscription: str, attempt: int | None) -> bytes:
    """The JSON body for a PubsubMessage; `attempt` only with a dead-letter policy.

    Empty fields are left out and ids and times stand twice, as in the real body.
    """
    published = publish_time(message)
    inner: dict[str, Any] = {
        "messageId": message.message_id,
        "message_id": message.message_id,
        "publishTime": published,
        "publish_time": published,
    }
    if message.attributes:
        inner["attributes"] = dict(message.attributes)
    if message.data:
        inner["data"] = b64encode(message.data).decode()
    if message.ordering_key:
        inner["orderingKey"] = message.ordering_key
    body: dict[str, Any] = {"message": inner, "subscription": subscription}
    if attempt is not None:
        body["deliveryAttempt"] = attempt
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def publish_time(message: Any) -> str:
    """RFC 3339 in UTC with milliseconds, e.g. 2026-11-23T09:00:00.123Z."""
    stamp = message.publish_time
    at = datetime.datetime.fromtimestamp(stamp.seconds, datetime.UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{stamp.nanos // 1_000_000:03d}Z"
