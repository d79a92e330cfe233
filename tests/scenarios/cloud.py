"""Hands on the cloud services of the stack, through the official clients."""

import asyncio
import json
from typing import Any, Self
from uuid import uuid4

import grpc
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.pubsub_v1 import PublisherClient, PubsubMessage, SubscriberClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from workflows.runner.addresses import PROJECT, REGION
from workflows.stack import Stack

_LOCATION = f"projects/{PROJECT}/locations/{REGION}"


class Prewarming:
    """The prewarm queue."""

    def __init__(self, host: str) -> None:
        self._channel = grpc.insecure_channel(host)
        self._client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=self._channel))
        self._name = f"{_LOCATION}/queues/prewarm"

    async def pause(self) -> None:
        """Lets tasks come in and none go out."""
        await asyncio.to_thread(self._client.pause_queue, name=self._name)

    async def resume(self) -> None:
        """Lets tasks go out again."""
        await asyncio.to_thread(self._client.resume_queue, name=self._name)

    async def purge(self) -> None:
        """Throws away the tasks that wait."""
        await asyncio.to_thread(self._client.purge_queue, name=self._name)

    async def names(self) -> list[str]:
        """The names of the tasks that wait."""
        tasks = await asyncio.to_thread(lambda: list(self._client.list_tasks(parent=self._name)))
        return [task.name for task in tasks]

    def close(self) -> None:
        """Hangs up."""
        self._channel.close()


class Inbox:
    """A pull subscription of our own on a topic: `async with` creates and deletes it."""

    def __init__(self, stack: Stack, topic: str) -> None:
        self._channel = grpc.insecure_channel(stack.addresses.emulators["pubsub"]["grpc"])
        transport = SubscriberGrpcTransport(channel=self._channel)
        self._client = SubscriberClient(transport=transport)
        self._publisher = PublisherClient(transport=PublisherGrpcTransport(channel=self._channel))
        self._topic = f"projects/{PROJECT}/topics/{topic}"
        self._name = f"projects/{PROJECT}/subscriptions/inbox-{uuid4().hex}"

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(
            self._client.create_subscription, name=self._name, topic=self._topic
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.to_thread(self._client.delete_subscription, subscription=self._name)
        self._channel.close()

    async def messages(self) -> list[dict[str, Any]]:
        """What was published and not read before."""
        return await asyncio.to_thread(self._read)

    def _read(self) -> list[dict[str, Any]]:
        # A last message of our own, so that no pull waits for something to come.
        end = PubsubMessage(data=b"{}", attributes={"end": "of the inbox"})
        self._publisher.publish(topic=self._topic, messages=[end])
        answer = self._client.pull(subscription=self._name, max_messages=1000)
        ids = [received.ack_id for received in answer.received_messages]
        self._client.acknowledge(subscription=self._name, ack_ids=ids)
        found = [received.message for received in answer.received_messages]
        assert any(message.attributes for message in found)
        return [json.loads(message.data) for message in found if not message.attributes]


async def run_job(stack: Stack, name: str) -> None:
    """Runs a scheduled job now and returns once it has been answered."""

    def run() -> None:
        with grpc.insecure_channel(stack.addresses.emulators["scheduler"]["grpc"]) as channel:
            client = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))
            client.run_job(name=f"{_LOCATION}/jobs/{name}")

    await asyncio.to_thread(run)
    await stack.emulator("scheduler").until_idle()


async def publish(stack: Stack, topic: str, data: bytes) -> None:
    """Publishes past our functions and returns once the message was answered for."""

    def send() -> None:
        with grpc.insecure_channel(stack.addresses.emulators["pubsub"]["grpc"]) as channel:
            client = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
            message = PubsubMessage(data=data)
            client.publish(topic=f"projects/{PROJECT}/topics/{topic}", messages=[message])

    await asyncio.to_thread(send)
    await stack.emulator("pubsub").until_idle()
