"""Holds a task queue back while something else is measured."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workflows.runner.addresses import PROJECT, REGION
from workflows.stack import Stack


@asynccontextmanager
async def held_back(stack: Stack, queue: str) -> AsyncIterator[None]:
    """Pause the queue, which goes on taking tasks; at the end drop them and resume it.

    In production the queue's function runs on machines of its own; here it would share the cores
    with what is measured.
    """
    import grpc
    from google.cloud.tasks_v2 import CloudTasksClient
    from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

    channel = grpc.insecure_channel(stack.addresses.emulators["tasks"]["grpc"])
    client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
    name = client.queue_path(PROJECT, REGION, queue)
    await asyncio.to_thread(client.pause_queue, name=name)
    try:
        yield
    finally:
        await asyncio.to_thread(client.purge_queue, name=name)
        await asyncio.to_thread(client.resume_queue, name=name)
        channel.close()
