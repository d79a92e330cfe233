"""How a trigger wraps its payload: Pub/Sub push, Eventarc, Cloud Tasks, Scheduler."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from shared.runtime.errors import BodyMalformed


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a message or task: its id, JSON payload, attributes and which try it is."""

    id: str
    payload: dict[str, Any]
    attributes: Mapping[str, str]
    attempt: int


def open_envelope(headers: Mapping[str, str], body: bytes) -> Delivery:
    """Return the delivery in a background request (header names in lower case).

    Raises BodyMalformed where the envelope or the payload is not what the trigger promises.
    """
    if "x-cloudtasks-taskname" in headers:
        attempt = int(headers.get("x-cloudtasks-taskretrycount", "0")) + 1
        return Delivery(headers["x-cloudtasks-taskname"], _object(body), {}, attempt)
    if "x-cloudscheduler" in headers:
        name = headers.get("x-cloudscheduler-jobname", "")
        return Delivery(name, _object(body or b"{}"), {}, 1)
    return _open_push(_object(body))


def _open_push(envelope: dict[str, Any]) -> Delivery:
    message = envelope.get("message")
    if not isinstance(message, dict):
        raise BodyMalformed("The body is no Pub/Sub push, Cloud Tasks or Scheduler request.")
    try:
        data = base64.b64decode(message.get("data", ""), validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise BodyMalformed("The message's data is not base64.") from error
    return Delivery(
        id=str(message.get("messageId", "")),
        payload=_object(data),
        attributes=dict(message.get("attributes") or {}),
        attempt=int(envelope.get("deliveryAttempt", 1)),
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BodyMalformed("The payload is not JSON.") from error
    if not isinstance(value, dict):
        raise BodyMalformed("The payload is not a JSON object.")
    return value
