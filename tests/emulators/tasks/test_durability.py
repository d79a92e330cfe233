"""What is left after the process is killed at any moment."""

import asyncio
import datetime
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.api_core.exceptions import AlreadyExists
from google.cloud.tasks_v2 import CloudTasksAsyncClient, Queue
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport

from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget
from tests.emulators.process import Emulators, emulators
from tests.emulators.tasks.names import LOCATION

QUEUE = f"{LOCATION}/queues/durable"


class Process:
    """The emulator in a process of its own, through the official client."""

    def __init__(self, running: Emulators) -> None:
        self.kill = running.kill
        addresses = running.addresses["tasks"]
        self.channel = grpc.aio.insecure_channel(addresses["grpc"])
        transport = CloudTasksGrpcAsyncIOTransport(channel=self.channel)
        self.client = CloudTasksAsyncClient(transport=transport)
        self.admin = AdminClient(addresses["admin"])


@asynccontextmanager
async def killed_at_the_end(folder: Path) -> AsyncIterator[Process]:
    """An emulator with its data in `folder` that ends by SIGKILL."""
    with emulators(folder, "tasks") as running:
        process = Process(running)
        async with process.channel, process.admin:
            yield process
            process.kill()


def in_an_hour() -> datetime.datetime:
    return datetime.datetime.fromtimestamp(time.time() + 3600, datetime.UTC)


async def test_no_answered_task_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    answered: list[str] = []
    enough = asyncio.Event()

    async def create(client: CloudTasksAsyncClient) -> None:
        while True:
            task = {"http_request": {"url": "http://127.0.0.1:9"}, "schedule_time": in_an_hour()}
            answered.append((await client.create_task({"parent": QUEUE, "task": task})).name)
            if len(answered) == 100:
                enough.set()

    async with killed_at_the_end(tmp_path) as before:
        await before.client.create_queue({"parent": LOCATION, "queue": {"name": QUEUE}})
        callers = [asyncio.create_task(create(before.client)) for _ in range(8)]
        await enough.wait()
        before.kill()
        await asyncio.gather(*callers, return_exceptions=True)
    async with killed_at_the_end(tmp_path) as after:
        kept = {task.name async for task in await after.client.list_tasks(parent=QUEUE)}
    assert set(answered) <= kept
    assert len(kept) <= len(answered) + len(callers)  # written, killed before the answer


async def test_names_queues_and_retries_outlive_the_process(
    tmp_path: Path, target: HttpTarget
) -> None:
    done: dict[str, Any] = {
        "name": f"{QUEUE}/tasks/done",
        "http_request": {"url": f"{target.url}/done"},
    }
    retried: dict[str, Any] = {
        "name": f"{QUEUE}/tasks/retried",
        "http_request": {"url": f"{target.url}/retried"},
    }
    async with killed_at_the_end(tmp_path) as before:
        config: dict[str, Any] = {"name": QUEUE, "retry_config": {"min_backoff": {"seconds": 600}}}
        await before.client.create_queue({"parent": LOCATION, "queue": config})
        paused = f"{LOCATION}/queues/paused"
        await before.client.create_queue({"parent": LOCATION, "queue": {"name": paused}})
        await before.client.pause_queue(name=paused)
        await before.client.create_task({"parent": QUEUE, "task": done})
        await target.received(1)
        await before.admin.until_idle()
        target.script(404)
        await before.client.create_task({"parent": QUEUE, "task": retried})
        await target.received(2)
        await before.admin.until_idle()
        # The answer to one more write: all before it is durable.
        was = await before.client.get_queue(name=QUEUE)
        failed = await before.client.get_task(name=retried["name"])
    async with killed_at_the_end(tmp_path) as after:
        assert await after.client.get_queue(name=QUEUE) == was
        assert (await after.client.get_queue(name=paused)).state == Queue.State.PAUSED
        with pytest.raises(AlreadyExists):
            await after.client.create_task({"parent": QUEUE, "task": done})
        assert await after.client.get_task(name=retried["name"]) == failed
        await after.admin.advance(600)
        calls = await target.received(3)
        assert calls[2].path == "/retried"
        assert calls[2].headers["x-cloudtasks-taskretrycount"] == "1"
        assert calls[2].headers["x-cloudtasks-taskexecutioncount"] == "1"
        assert calls[2].headers["x-cloudtasks-taskpreviousresponse"] == "404"


async def test_a_task_killed_in_flight_runs_again(tmp_path: Path, target: HttpTarget) -> None:
    async with killed_at_the_end(tmp_path) as before:
        await before.client.create_queue({"parent": LOCATION, "queue": {"name": QUEUE}})
        target.hold()
        await before.client.create_task(
            {"parent": QUEUE, "task": {"http_request": {"url": target.url, "body": b"again"}}}
        )
        await target.received(1)
    target.release()
    async with killed_at_the_end(tmp_path):
        _, second = await target.received(2)
    assert second.body == b"again"
