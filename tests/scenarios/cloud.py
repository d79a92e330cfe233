"""Hands on the cloud services of the stack, through the official clients."""

import asyncio

import grpc
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.pubsub_v1 import PublisherClient, PubsubMessage
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

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
