"""Owns the decision what follows a failed attempt: when to try again, or that it is over."""

from dataclasses import dataclass
from typing import Any

from emulators.skeleton.backoff import backoff_s
from emulators.skeleton.times import seconds_of

RETENTION_S = 31 * 86400.0
UNLIMITED = -1


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The retry settings in force for one task. Attempts of -1 and a duration of 0: no limit."""

    attempts: int
    duration_s: float
    min_backoff_s: float
    max_backoff_s: float
    doublings: int


def policy_of(queue: Any, task: Any) -> RetryPolicy:
    """The task's own retry_config over the queue's, field by field where the task sets one."""
    config = type(queue.retry_config)()
    config.CopyFrom(queue.retry_config)
    for field, value in task.retry_config.ListFields():
        # Not MergeFrom: it would add up the seconds and nanos of two durations.
        if field.message_type:
            getattr(config, field.name).CopyFrom(value)
        else:
            setattr(config, field.name, value)
    return RetryPolicy(
        attempts=config.max_attempts,
        duration_s=seconds_of(config.max_retry_duration),
        min_backoff_s=seconds_of(config.min_backoff),
        max_backoff_s=seconds_of(config.max_backoff),
        doublings=config.max_doublings,
    )


def retry_at(
    policy: RetryPolicy,
    *,
    attempts: int,
    first_at: float,
    failed_at: float,
    retry_after_s: float = 0.0,
) -> float | None:
    """When to try again after attempt number `attempts` failed at `failed_at`; None: never.

    It is over only once the attempts are used up and the duration since the first attempt has
    passed; a limit that is not set does not hold it up, and with neither set it goes on
    (RetryConfig in queue.proto). A Retry-After can lengthen the wait, not shorten it.
    """
    if _exhausted(policy, attempts, failed_at - first_at):
        return None
    wait = backoff_s(
        attempts,
        minimum_s=policy.min_backoff_s,
        maximum_s=policy.max_backoff_s,
        doublings=policy.doublings,
    )
    return failed_at + max(wait, retry_after_s)


def _exhausted(policy: RetryPolicy, attempts: int, elapsed_s: float) -> bool:
    limits = []
    if policy.attempts != UNLIMITED:
        limits.append(attempts >= policy.attempts)
    if policy.duration_s:
        limits.append(elapsed_s >= policy.duration_s)
    return bool(limits) and all(limits)
