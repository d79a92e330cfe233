"""The lines for queues, topics, push subscriptions, schedules and the bucket of a function."""

import math
from collections.abc import Iterator

from workflows.plan.release import Release
from workflows.plan.steps import Ensure, Flags, Step, gcloud
from workflows.wiring import Function, Push, Queue, Schedule, Tasked, Topic, Wiring

SHORTEST_ATTEMPT_S = 15


def channels(function: Function, wiring: Wiring, release: Release) -> Iterator[Step]:
    """What must exist before the function's roles: the queues, topics and bucket it touches."""
    trigger = function.trigger
    if isinstance(trigger, Tasked):
        yield _queue(wiring.queues[trigger.queue], release)
    if isinstance(trigger, Push):
        yield _topic(wiring.topics[trigger.topic], release)
    for name in function.sends:
        if name in wiring.topics:
            yield _topic(wiring.topics[name], release)
            continue
        receiver = wiring.functions[name].trigger
        assert isinstance(receiver, Tasked)
        yield _queue(wiring.queues[receiver.queue], release)
    if "storage" in function.needs:
        yield _bucket(release)


def triggers(function: Function, wiring: Wiring, release: Release) -> Iterator[Step]:
    """What calls the function once it is deployed: its subscription or its schedule."""
    for name, subscribed, push in wiring.subscriptions():
        if subscribed is function:
            yield _subscription(name, function, push, wiring.topics[push.topic], release)
    for job, scheduled, schedule in wiring.schedules():
        if scheduled is function:
            yield _schedule(job, function, schedule, release)


def _queue(queue: Queue, release: Release) -> Step:
    where: Flags = {"location": release.region, "project": release.project}
    settings: Flags = {
        "max_dispatches_per_second": f"{queue.rate:g}",
        "max_concurrent_dispatches": queue.concurrent,
        "max_attempts": queue.attempts,
        "min_backoff": f"{queue.min_backoff:g}s",
        "max_backoff": f"{queue.max_backoff:g}s",
    }
    return Ensure(
        probe=gcloud("tasks", "queues", "describe", queue.name, **where),
        create=gcloud("tasks", "queues", "create", queue.name, **settings, **where),
        update=gcloud("tasks", "queues", "update", queue.name, **settings, **where),
    )


def _topic(topic: Topic, release: Release) -> Step:
    return Ensure(
        probe=gcloud("pubsub", "topics", "describe", topic.name, project=release.project),
        create=gcloud("pubsub", "topics", "create", topic.name, project=release.project),
    )


def _bucket(release: Release) -> Step:
    return Ensure(
        probe=gcloud("storage", "buckets", "describe", release.bucket, project=release.project),
        create=gcloud(
            "storage",
            "buckets",
            "create",
            release.bucket,
            location=release.region,
            uniform_bucket_level_access=True,
            public_access_prevention=True,
            project=release.project,
        ),
    )


def _subscription(
    name: str, function: Function, push: Push, topic: Topic, release: Release
) -> Step:
    url = function.url(release.url_template)
    settings: Flags = {
        "push_endpoint": url,
        "push_auth_service_account": release.invoker,
        "push_auth_token_audience": url,
        "ack_deadline": math.ceil(push.ack_deadline),
        # Pub/Sub takes whole seconds here, Cloud Tasks any.
        "min_retry_delay": f"{math.ceil(push.min_backoff)}s",
        "max_retry_delay": f"{math.ceil(push.max_backoff)}s",
        "expiration_period": "never",
        "project": release.project,
    }
    return Ensure(
        probe=gcloud("pubsub", "subscriptions", "describe", name, project=release.project),
        create=gcloud(
            "pubsub",
            "subscriptions",
            "create",
            name,
            topic=topic.name,
            enable_message_ordering=topic.ordered,
            **settings,
        ),
        update=gcloud("pubsub", "subscriptions", "update", name, **settings),
    )


def _schedule(job: str, function: Function, schedule: Schedule, release: Release) -> Step:
    url = function.url(release.url_template)
    where: Flags = {"location": release.region, "project": release.project}
    settings: Flags = {
        "schedule": schedule.cron,
        "time_zone": "Etc/UTC",
        "uri": url,
        "http_method": "POST",
        "oidc_service_account_email": release.invoker,
        "oidc_token_audience": url,
        "attempt_deadline": f"{max(math.ceil(function.timeout), SHORTEST_ATTEMPT_S)}s",
    }
    return Ensure(
        probe=gcloud("scheduler", "jobs", "describe", job, **where),
        create=gcloud("scheduler", "jobs", "create", "http", job, **settings, **where),
        update=gcloud("scheduler", "jobs", "update", "http", job, **settings, **where),
    )
