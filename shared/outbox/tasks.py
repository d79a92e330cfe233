"""Enqueues Cloud Tasks that call our functions and start our jobs, signed as the invoker."""

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

from shared.outbox.jobs import run_body, run_url
from shared.outbox.message import Message
from shared.outbox.queues import JOBS, QUEUE_OF
from shared.outbox.reconnect import BACK_SOON
from shared.outbox.send import SendRefused
from shared.runtime.settings import Settings

_RPC_SECONDS = 5.0
_CHECK_SECONDS = 1.0
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


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
        target = self._start(message) if message.target in JOBS else self._call(message)
        request: dict[str, Any] = {
            "http_method": tasks_v2.HttpMethod.POST,
            "headers": {"Content-Type": "application/json"},
            **target,
        }
        task: dict[str, Any] = {"http_request": request}
        if message.task_name:
            task["name"] = f"{queue}/tasks/{message.task_name}"
        return tasks_v2.Task(task)

    def _call(self, message: Message) -> dict[str, Any]:
        url = self._settings.function_url(message.target)
        return {
            "url": url,
            "body": orjson.dumps(message.payload),
            "oidc_token": {"service_account_email": self._settings.invoker, "audience": url},
        }

    def _start(self, message: Message) -> dict[str, Any]:
        api, place = self._settings["RUN_API_URL"], (self._settings.project, self._settings.region)
        return {
            "url": run_url(api, *place, message.target),
            "body": orjson.dumps(run_body(message.payload)),
            # Google's own APIs take access tokens, not the ID tokens that our functions check.
            "oauth_token": {
                "service_account_email": self._settings.invoker,
                "scope": _SCOPE,
            },
        }


def _open_transport() -> CloudTasksGrpcAsyncIOTransport:
    host = os.environ.get("CLOUD_TASKS_EMULATOR_HOST")
    if host:
        channel = grpc.aio.insecure_channel(host, options=BACK_SOON)
    else:
        service = CloudTasksGrpcAsyncIOTransport.DEFAULT_HOST
        channel = CloudTasksGrpcAsyncIOTransport.create_channel(service, options=BACK_SOON)
    return CloudTasksGrpcAsyncIOTransport(channel=channel)
