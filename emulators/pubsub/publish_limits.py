"""Owns what a publish request may hold.

https://cloud.google.com/pubsub/quotas#resource_limits
"""

from typing import Any

from emulators.pubsub.bounds import check_range
from emulators.pubsub.errors import ArgumentInvalid

MAX_MESSAGES = 1000
MAX_REQUEST_BYTES = 10_000_000
MAX_ATTRIBUTES = 100
MAX_KEY_BYTES = 256
MAX_VALUE_BYTES = 1024
MAX_ORDERING_KEY_BYTES = 1024


def check_publish(request: Any) -> None:
    """Refuses a PublishRequest that the service would refuse. Raises ArgumentInvalid."""
    check_range("message_count", len(request.messages), 1, MAX_MESSAGES)
    size = request.ByteSize()
    if size > MAX_REQUEST_BYTES:
        check_range("request_size", size, 0, MAX_REQUEST_BYTES)
    for message in request.messages:
        if message.attributes:
            _check_attributes(message.attributes)
        elif not message.data:
            raise ArgumentInvalid(
                "One or more messages in the publish request is empty. Each message must contain "
                "either non-empty data, or at least one attribute."
            )
        if message.ordering_key and len(message.ordering_key.encode()) > MAX_ORDERING_KEY_BYTES:
            size = len(message.ordering_key.encode())
            check_range("ordering_key size", size, 0, MAX_ORDERING_KEY_BYTES)


def _check_attributes(attributes: Any) -> None:
    check_range("attributes count", len(attributes), 0, MAX_ATTRIBUTES)
    for key, value in attributes.items():
        check_range("attribute key size", len(key.encode()), 1, MAX_KEY_BYTES)
        check_range("attribute value size", len(value.encode()), 0, MAX_VALUE_BYTES)
        if key.startswith("goog"):
            raise ArgumentInvalid(f"The attribute key {key} is reserved: it starts with goog.")
