"""Pub/Sub as a test sees it: the official clients at an emulator, and a project of its own."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from google.cloud import pubsub_v1
from google.pubsub_v1 import PublisherClient as PublisherApi


@dataclass(frozen=True, slots=True)
class Cloud:
    """One project at one emulator."""

    project: str
    publisher: pubsub_v1.PublisherClient
    subscriber: pubsub_v1.SubscriberClient

    def topic_name(self, id: str) -> str:
        """projects/P/topics/ID."""
        return f"projects/{self.project}/topics/{id}"

    def subscription_name(self, id: str) -> str:
        """projects/P/subscriptions/ID."""
        return f"projects/{self.project}/subscriptions/{id}"

    async def call(self, method: Callable[..., Any], **request: Any) -> Any:
        """One call of a client, off the event loop that the emulator runs on."""
        return await asyncio.to_thread(method, request=request, retry=None, timeout=20)

    async def topic(self, id: str = "signals") -> str:
        """Makes a topic."""
        name = self.topic_name(id)
        await self.call(self.publisher.create_topic, name=name)
        return name

    async def subscribe(self, topic: str, id: str = "store", **options: Any) -> str:
        """Makes a subscription."""
        name = self.subscription_name(id)
        await self.call(self.subscriber.create_subscription, name=name, topic=topic, **options)
        return name

    async def push_to(self, url: str, topic: str, id: str = "store", **options: Any) -> str:
        """Makes a push subscription."""
        push = {"push_endpoint": url}
        return await self.subscribe(topic, id, push_config=push, **options)

    async def publish(self, topic: str, *texts: str, **attributes: str) -> list[str]:
        """Publishes each text as a message in one request; returns the ids."""
        return await self.publish_messages(
            topic, *({"data": text.encode(), "attributes": attributes} for text in texts)
        )

    async def publish_messages(self, topic: str, *messages: dict[str, Any]) -> list[str]:
        """One Publish call without the client's batching; returns the ids."""
        publish = partial(PublisherApi.publish, self.publisher)
        response = await self.call(publish, topic=topic, messages=list(messages))
        return list(response.message_ids)


@contextmanager
def connected(address: str) -> Iterator[Cloud]:
    """Official clients at host:port, in a project that no other test uses."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PUBSUB_EMULATOR_HOST", address)
        publisher, subscriber = pubsub_v1.PublisherClient(), pubsub_v1.SubscriberClient()
    cloud = Cloud(f"p{uuid4().hex[:12]}", publisher, subscriber)
    try:
        yield cloud
    finally:
        publisher.stop()
        publisher.transport.close()
        subscriber.close()
