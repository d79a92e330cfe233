"""Creates topics, their push subscriptions, and queues."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import grpc
from google.api_core.exceptions import AlreadyExists
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from workflows.local.provisioning.site import Site, id_token
from workflows.triggers import Push
from workflows.wiring import Function, Wiring


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
        wanted = _subscription(name, function, push, wiring, site)
        try:
            client.create_subscription(request=wanted)
        except AlreadyExists:
            # A field that is named and not given is cleared: a policy that is no more wanted goes.
            changed = ["push_config", "ack_deadline_seconds", "retry_policy", "dead_letter_policy"]
            update = {"subscription": wanted, "update_mask": {"paths": changed}}
            client.update_subscription(request=update)


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


def _subscription(
    name: str, function: Function, push: Push, wiring: Wiring, site: Site
) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "name": f"projects/{site.project}/subscriptions/{name}",
        "topic": _topic(site, push.topic),
        "push_config": {
            "push_endpoint": function.url(site.function_url_template),
            "oidc_token": id_token(site, function),
        },
        "ack_deadline_seconds": int(push.ack_deadline),
        "retry_policy": {
            "minimum_backoff": timedelta(seconds=push.min_backoff),
            "maximum_backoff": timedelta(seconds=push.max_backoff),
        },
        "enable_message_ordering": wiring.topics[push.topic].ordered,
    }
    if push.dead_letters:
        wanted["dead_letter_policy"] = {
            "dead_letter_topic": _topic(site, push.dead_letters.topic),
            "max_delivery_attempts": push.dead_letters.attempts,
        }
    return wanted


def _topic(site: Site, topic: str) -> str:
    return f"projects/{site.project}/topics/{topic}"
