"""Owns what becomes of a failed or old delivery under a subscription's options."""

from typing import Any

from emulators.pubsub.bounds import seconds

MAX_DOUBLINGS = 30  # beyond it any backoff is longer than the longest


def backoff_s(options: Any, failures: int) -> float:
    """minimum_backoff · 2^(failures-1) up to maximum_backoff; 0 without a retry policy.

    https://cloud.google.com/pubsub/docs/handling-failures#exponential_backoff
    """
    if not options.HasField("retry_policy"):
        return 0.0
    policy = options.retry_policy
    wait = seconds(policy.minimum_backoff) * float(2 ** min(failures - 1, MAX_DOUBLINGS))
    return min(wait, seconds(policy.maximum_backoff))


def worn_out(options: Any, failures: int) -> bool:
    """Whether a message has failed as often as its dead-letter policy allows."""
    if not options.HasField("dead_letter_policy"):
        return False
    return bool(failures >= options.dead_letter_policy.max_delivery_attempts)


def expired(options: Any, message: Any, now: float) -> bool:
    """Whether a message is past the subscription's retention at unix second `now`."""
    kept = seconds(options.message_retention_duration)
    return bool(message.publish_time.seconds + kept < now)
