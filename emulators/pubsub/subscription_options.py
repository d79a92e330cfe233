"""Owns which subscriptions can be made and changed, their defaults and bounds.

https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions
"""

from typing import Any
from urllib.parse import urlsplit

from emulators.pubsub.bounds import (
    DAY,
    MINUTE,
    check_at_least,
    check_between,
    check_range,
    seconds,
)
from emulators.pubsub.errors import ArgumentInvalid, OptionUnsupported
from emulators.pubsub.filters import parse_filter
from emulators.pubsub.messages import Subscription
from emulators.pubsub.names import DELETED_TOPIC, check_name
from emulators.pubsub.topic_options import check_mask

DEFAULT_ACK_DEADLINE_S = 10
MAX_BACKOFF_S = 600
_UNSUPPORTED_MESSAGES = ("bigquery_config", "cloud_storage_config", "bigtable_config")
_UNSUPPORTED_VALUES = ("enable_exactly_once_delivery", "message_transforms", "tags")
_MUTABLE = (
    "push_config",
    "ack_deadline_seconds",
    "retain_acked_messages",
    "message_retention_duration",
    "labels",
    "expiration_policy",
    "dead_letter_policy",
    "retry_policy",
)


def completed(subscription: Any) -> Any:
    """The subscription with the service's defaults filled in.

    Raises ArgumentInvalid for what the service refuses, OptionUnsupported for what this emulator
    would otherwise silently ignore.
    """
    check_name("subscriptions", subscription.name)
    if subscription.topic != DELETED_TOPIC:
        check_name("topics", subscription.topic)
    _check_supported(subscription)
    parse_filter(subscription.filter)
    check_push_config(subscription.push_config)
    _complete_deadline(subscription)
    _complete_lifetimes(subscription)
    _complete_retry(subscription)
    _complete_dead_letter(subscription)
    subscription.push_config.SetInParent()
    subscription.state = Subscription.ACTIVE
    return subscription


def updated(current: Any, changes: Any, mask: Any) -> Any:
    """`current` with the fields of `mask` taken from `changes`."""
    check_mask("Subscription", Subscription, mask, _MUTABLE)
    result = Subscription()
    result.CopyFrom(current)
    mask.MergeMessage(changes, result, True, True)
    return completed(result)


def with_push_config(current: Any, push_config: Any) -> Any:
    """`current` pushing as `push_config` says; an empty one makes it a pull subscription."""
    result = Subscription()
    result.CopyFrom(current)
    result.push_config.CopyFrom(push_config)
    return completed(result)


def check_push_config(push: Any) -> None:
    """Refuses an endpoint that is no http(s) URL, and unwrapped delivery."""
    if push.HasField("no_wrapper"):
        raise OptionUnsupported("push_config.no_wrapper")
    endpoint = push.push_endpoint
    if endpoint and not _is_url(endpoint):
        raise ArgumentInvalid(
            f"Invalid push endpoint given (endpoint={endpoint}). Refer to "
            "https://cloud.google.com/pubsub/subscriber#create for more information."
        )


def _is_url(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _check_supported(subscription: Any) -> None:
    for field in _UNSUPPORTED_MESSAGES:
        if subscription.HasField(field):
            raise OptionUnsupported(f"subscription.{field}")
    for field in _UNSUPPORTED_VALUES:
        if getattr(subscription, field):
            raise OptionUnsupported(f"subscription.{field}")


def _complete_deadline(subscription: Any) -> None:
    deadline = subscription.ack_deadline_seconds or DEFAULT_ACK_DEADLINE_S
    if not 10 <= deadline <= 600:
        raise ArgumentInvalid(
            f"Invalid ack deadline given (ack_deadline={deadline}). "
            "The ack deadline must be between 10 and 600 seconds."
        )
    subscription.ack_deadline_seconds = deadline


def _complete_lifetimes(subscription: Any) -> None:
    if not subscription.HasField("message_retention_duration"):
        subscription.message_retention_duration.seconds = 7 * DAY
    retention = subscription.message_retention_duration
    check_between("message retention duration", retention, 10 * MINUTE, 31 * DAY)
    if not subscription.HasField("expiration_policy"):
        subscription.expiration_policy.ttl.seconds = 31 * DAY
    if subscription.expiration_policy.HasField("ttl"):
        check_at_least("expiration duration", subscription.expiration_policy.ttl, DAY)


def _complete_retry(subscription: Any) -> None:
    if not subscription.HasField("retry_policy"):
        return
    policy = subscription.retry_policy
    if not policy.HasField("minimum_backoff"):
        policy.minimum_backoff.seconds = 10
    if not policy.HasField("maximum_backoff"):
        policy.maximum_backoff.seconds = MAX_BACKOFF_S
    low, high = seconds(policy.minimum_backoff), seconds(policy.maximum_backoff)
    for bound, value in (("minimum_backoff", low), ("maximum_backoff", high)):
        if not 0 <= value <= MAX_BACKOFF_S:
            raise ArgumentInvalid(
                f"The value for {bound} is out of bounds. You passed {value:g}s in the request, "
                f"but the value must be between 0s and {MAX_BACKOFF_S}s."
            )
    if high < low:
        raise ArgumentInvalid(
            f"The value for maximum_backoff is too small. You passed {high:g}s in the request, "
            f"but the minimum value is {low:g}s."
        )


def _complete_dead_letter(subscription: Any) -> None:
    if not subscription.HasField("dead_letter_policy"):
        return
    policy = subscription.dead_letter_policy
    check_name("topics", policy.dead_letter_topic)
    attempts = policy.max_delivery_attempts or 5
    check_range("max_delivery_attempts", attempts, 5, 100)
    policy.max_delivery_attempts = attempts
