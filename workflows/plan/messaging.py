"""The lines for what joins the parts: queues, topics, subscriptions, schedules, the bucket."""

import math
from collections.abc import Iterator

from shared.outbox.jobs import run_url
from workflows.plan.access import dead_lettering
from workflows.plan.release import Release
from workflows.plan.steps import Ensure, Flags, Step, gcloud
from workflows.triggers import Push, Schedule, Tasked
from workflows.wiring import Function, Job, Queue, Topic, Wiring

SHORTEST_ATTEMPT_S = 15
RUN_API_URL = "https://run.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
# Starting an execution takes seconds, however long the job then runs; Scheduler's own default.
START_ATTEMPT_S = 180


def channels(user: Function | Job, wiring: Wiring, release: Release) -> Iterator[Step]:
    """What must exist before its roles: the queues, topics and bucket that it touches."""
    trigger = user.trigger
    if isinstance(trigger, Tasked):
        yield _queue(wiring.queues[trigger.queue], release)
    if isinstance(trigger, Push):
        yield _topic(wiring.topics[trigger.topic], release)
        if trigger.dead_letters:
            yield _topic(wiring.topics[trigger.dead_letters.topic], release)
    for name in user.sends:
        if name in wiring.topics:
            yield _topic(wiring.topics[name], release)
            continue
        receiver = wiring.deployables[name].trigger
        assert isinstance(receiver, Tasked)
        yield _queue(wiring.queues[receiver.queue], release)
    if "storage" in user.needs:
        yield _bucket(release)


def triggers(started: Function | Job, wiring: Wiring, release: Release) -> Iterator[Step]:
    """What starts it once it is deployed: its subscription or its schedule."""
    for name, function, push in wiring.subscriptions():
        if function is started:
            yield _subscription(name, function, push, wiring.topics[push.topic], release)
            if push.dead_letters:
                yield from dead_lettering(name, push.dead_letters, release)
    for name, scheduled, schedule in wiring.schedules():
        if scheduled is started:
            yield _schedule(name, started, schedule, release)


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
    bucket = f"gs://{release.bucket}"
    return Ensure(
        probe=gcloud("storage", "buckets", "describe", bucket, project=release.project),
        create=gcloud(
            "storage",
            "buckets",
            "create",
            bucket,
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
    given_up = push.dead_letters
    letters: Flags = {"clear_dead_letter_policy": True}
    if given_up:
        attempts = given_up.attempts
        letters = {"dead_letter_topic": given_up.topic, "max_delivery_attempts": attempts}
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
            **(letters if given_up else {}),
            **settings,
        ),
        update=gcloud("pubsub", "subscriptions", "update", name, **letters, **settings),
    )


def _schedule(name: str, started: Function | Job, schedule: Schedule, release: Release) -> Step:
    where: Flags = {"location": release.region, "project": release.project}
    target = _run(started, release) if isinstance(started, Job) else _call(started, release)
    settings: Flags = {
        "schedule": schedule.cron,
        "time_zone": "Etc/UTC",
        "http_method": "POST",
        **target,
    }
    return Ensure(
        probe=gcloud("scheduler", "jobs", "describe", name, **where),
        create=gcloud("scheduler", "jobs", "create", "http", name, **settings, **where),
        update=gcloud("scheduler", "jobs", "update", "http", name, **settings, **where),
    )


def _call(function: Function, release: Release) -> Flags:
    url = function.url(release.url_template)
    return {
        "uri": url,
        "oidc_service_account_email": release.invoker,
        "oidc_token_audience": url,
        "attempt_deadline": f"{max(math.ceil(function.timeout), SHORTEST_ATTEMPT_S)}s",
    }


def _run(job: Job, release: Release) -> Flags:
    return {
        "uri": run_url(RUN_API_URL, release.project, release.region, job.name),
        # Google's own APIs take access tokens, not the ID tokens that our functions check.
        "oauth_service_account_email": release.invoker,
        "oauth_token_scope": SCOPE,
        "attempt_deadline": f"{START_ATTEMPT_S}s",
    }
