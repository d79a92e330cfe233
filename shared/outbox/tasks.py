"""Enqueues Cloud Tasks that call our functions with a signed token."""

import asyncio
import os
from typing import Any

import grpc
import orjson
from google.api_core.exceptions import AlreadyExists, InvalidArgument, NotFound
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import (
    CloudTasksGrpcAsyncIOTransport,
)

from shared.outbox.message import Message
from shared.outbox.queues import QUEUE_OF
from shared.outbox.send import SendRefused
from shared.runtime.settings import Settings

_RPC_SECONDS = 5.0
_CHECK_SECONDS = 1.0


class Tasks:
    """The project's task queues."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._transport = _open_transport()
        self._client = tasks_v2.CloudTasksAsyncClient(transport=self._transport)

    async def send(self, message: Message) -> None:
        """Enqueue the message; a task of the same name that exists already is a success.

        Raises SendRefused where the queue does not exist or refuses the task.
        """
        if message.target not in QUEUE_OF:
            raise SendRefused(f"No queue carries tasks for {message.target}.")
        queue = self._client.queue_path(
            self._settings.project, self._settings.region, QUEUE_OF[message.target]
        )
        try:
            await self._client.create_task(
                parent=queue, task=self._task(queue, message), timeout=_RPC_SECONDS, retry=None
            )
        except AlreadyExists:
            return
        except (NotFound, InvalidArgument) as error:
            raise SendRefused(str(error)) from error

    async def check(self) -> None:
        """Raise where Cloud Tasks cannot be reached; an enqueuer's role allows no other call."""
        async with asyncio.timeout(_CHECK_SECONDS):
            await self._transport.grpc_channel.channel_ready()

    def _task(self, queue: str, message: Message) -> tasks_v2.Task:
        url = self._settings.function_url(message.target)
        request: dict[str, Any] = {
            "url": url,
            "http_method": tasks_v2.HttpMethod.POST,
            "headers": {"Content-Type": "application/json"},
            "body": orjson.dumps(message.payload),
            "oidc_token": {"service_account_email": self._settings.invoker, "audience": url},
        }
        task: dict[str, Any] = {"http_request": request}
        if message.task_name:
            task["name"] = f"{queue}/tasks/{message.task_name}"
        return tasks_v2.Task(task)


def _open_transport() -> CloudTasksGrpcAsyncIOTransport:
    host = os.environ.get("CLOUD_TASKS_EMULATOR_HOST")
    if not host:
        return CloudTasksGrpcAsyncIOTransport()
    return CloudTasksGrpcAsyncIOTransport(channel=grpc.aio.insecure_channel(host))
