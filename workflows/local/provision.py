"""Creates what the manifest declares in the emulators, through the official clients.

A process of its own, `python -m workflows.local.provision FOLDER ROOT`: the clients are large and
used once. It imports them at once and reads where to call, as JSON, from standard input.
"""

import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import grpc
from google.api_core.exceptions import AlreadyExists
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from workflows.manifest import load
from workflows.wiring import Function, Wiring

SHORTEST_ATTEMPT_S = 15.0  # Cloud Scheduler takes no shorter attempt_deadline


@dataclass(frozen=True, slots=True)
class Site:
    """Where to create: host:port of each service, and how functions are addressed and called."""

    project: str
    region: str
    pubsub: str
    tasks: str
    scheduler: str
    function_url_template: str
    invoker: str

    @property
    def location(self) -> str:
        """Parent of queues and jobs."""
        return f"projects/{self.project}/locations/{self.region}"


def main() -> None:
    """Reads the site, creates everything; what exists already is brought up to date."""
    folder, root = Path(sys.argv[1]), Path(sys.argv[2])
    wiring = load(folder, root)
    site = Site(**json.loads(sys.stdin.read()))
    create_topics(wiring, site)
    create_subscriptions(wiring, site)
    create_queues(wiring, site)
    create_jobs(wiring, site)


def create_topics(wiring: Wiring, site: Site) -> None:
    """A Pub/Sub topic for each of the manifest."""
    channel = grpc.insecure_channel(site.pubsub)
    client = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
    for topic in wiring.topics:
        with suppress(AlreadyExists):
            client.create_topic(name=_topic(site, topic))


def create_subscriptions(wiring: Wiring, site: Site) -> None:
    """A push subscription, signing as the invoker, for each topic-triggered function."""
    channel = grpc.insecure_channel(site.pubsub)
    client = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
    for name, function, push in wiring.subscriptions():
        wanted = {
            "name": f"projects/{site.project}/subscriptions/{name}",
            "topic": _topic(site, push.topic),
            "push_config": {
                "push_endpoint": function.url(site.function_url_template),
                "oidc_token": _token(site, function),
            },
            "ack_deadline_seconds": int(push.ack_deadline),
            "retry_policy": {
                "minimum_backoff": timedelta(seconds=push.min_backoff),
                "maximum_backoff": timedelta(seconds=push.max_backoff),
            },
            "enable_message_ordering": wiring.topics[push.topic].ordered,
        }
        try:
            client.create_subscription(request=wanted)
        except AlreadyExists:
            mask = {"paths": ["push_config", "ack_deadline_seconds", "retry_policy"]}
            client.update_subscription(request={"subscription": wanted, "update_mask": mask})


def create_queues(wiring: Wiring, site: Site) -> None:
    """A Cloud Tasks queue for each of the manifest."""
    channel = grpc.insecure_channel(site.tasks)
    client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
    for queue in wiring.queues.values():
        wanted = {
            "name": f"{site.location}/queues/{queue.name}",
            "rate_limits": {
                "max_dispatches_per_second": queue.rate,
                "max_concurrent_dispatches": queue.concurrent,
            },
            "retry_config": {
                "max_attempts": queue.attempts,
                "min_backoff": timedelta(seconds=queue.min_backoff),
                "max_backoff": timedelta(seconds=queue.max_backoff),
            },
        }
        try:
            client.create_queue(request={"parent": site.location, "queue": wanted})
        except AlreadyExists:
            client.update_queue(request={"queue": wanted})


def create_jobs(wiring: Wiring, site: Site) -> None:
    """A Cloud Scheduler job, signing as the invoker, for each scheduled function."""
    channel = grpc.insecure_channel(site.scheduler)
    client = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))
    for name, function, schedule in wiring.schedules():
        wanted = {
            "name": f"{site.location}/jobs/{name}",
            "schedule": schedule.cron,
            "time_zone": "Etc/UTC",
            "attempt_deadline": timedelta(seconds=max(function.timeout, SHORTEST_ATTEMPT_S)),
            "http_target": {
                "uri": function.url(site.function_url_template),
                "http_method": "POST",
                "oidc_token": _token(site, function),
            },
        }
        try:
            client.create_job(request={"parent": site.location, "job": wanted})
        except AlreadyExists:
            client.update_job(request={"job": wanted})


def _token(site: Site, function: Function) -> dict[str, str]:
    return {
        "service_account_email": site.invoker,
        "audience": function.url(site.function_url_template),
    }


def _topic(site: Site, topic: str) -> str:
    return f"projects/{site.project}/topics/{topic}"


if __name__ == "__main__":
    main()
