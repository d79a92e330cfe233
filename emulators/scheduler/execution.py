"""Owns what one execution of a job sends, and when a failed attempt is followed by another."""

from typing import Any

from emulators.scheduler.cron import Cron
from emulators.skeleton.backoff import backoff_s
from emulators.skeleton.dispatch import HttpCall, authorization, merged_headers
from emulators.skeleton.identity import Identity
from emulators.skeleton.target_rules import method_of
from emulators.skeleton.times import seconds_of

USER_AGENT = "Google-Cloud-Scheduler"
DEFAULT_CONTENT_TYPE = "application/octet-stream"


def call_of(job: Any, cron: Cron, tick: float, identity: Identity) -> HttpCall:
    """The request of every attempt of the execution that the tick at unix second `tick` began."""
    target = job.http_target
    injected = {
        "User-Agent": USER_AGENT,
        "X-CloudScheduler": "true",
        "X-CloudScheduler-JobName": job.name.rpartition("/")[2],
        "X-CloudScheduler-ScheduleTime": cron.rfc3339(tick),
    }
    own = dict(target.headers)
    if target.body and not any(name.lower() == "content-type" for name in own):
        own["Content-Type"] = DEFAULT_CONTENT_TYPE
    return HttpCall(
        method=method_of(target),
        url=target.uri,
        headers=merged_headers(own, injected | authorization(target, target.uri, identity)),
        body=target.body,
        deadline_s=seconds_of(job.attempt_deadline),
        follow_redirects=True,
    )


def retry_at(
    config: Any, *, attempts: int, first_at: float, failed_at: float, next_tick: float
) -> float | None:
    """When to try again after attempt number `attempts` failed; None: wait for the next tick.

    Tries retry_count times more (0: never), and with a max_retry_duration goes on until that has
    passed too, but never into the next execution (RetryConfig in job.proto).
    """
    if config.retry_count == 0:
        return None
    duration_s = seconds_of(config.max_retry_duration)
    if attempts > config.retry_count and failed_at - first_at >= duration_s:
        return None
    again_at = failed_at + backoff_s(
        attempts,
        minimum_s=seconds_of(config.min_backoff_duration),
        maximum_s=seconds_of(config.max_backoff_duration),
        doublings=config.max_doublings,
    )
    return again_at if again_at < next_tick else None
