"""A Cloud Task starts a job: both emulators together, as the stack has them."""

import json
from collections.abc import AsyncIterator

import grpc
import pytest
from google.cloud.tasks_v2 import CloudTasksAsyncClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport

from emulators import tasks
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.jobs.cloud import LOCATION, NIGHTLY, Cloud
from tests.emulators.jobs.pipe import Pipe


@pytest.fixture
async def queues(house: House) -> AsyncIterator[CloudTasksAsyncClient]:
    """Cloud Tasks, on the same clock."""
    running = await tasks.start(house)
    async with grpc.aio.insecure_channel(running.addresses["grpc"]) as channel:
        transport = CloudTasksGrpcAsyncIOTransport(channel=channel)
        yield CloudTasksAsyncClient(transport=transport)
    await running.stop()


async def test_a_task_with_an_access_token_starts_an_execution_with_its_overrides(
    cloud: Cloud, admin: AdminClient, url: str, queues: CloudTasksAsyncClient, pipe: Pipe
) -> None:
    await cloud.create(f"echo $DAY > {pipe.path}")
    queue = f"{LOCATION}/queues/nightly"
    await queues.create_queue({"parent": LOCATION, "queue": {"name": queue}})
    overrides = {"containerOverrides": [{"env": [{"name": "DAY", "value": "2026-11-22"}]}]}
    request = {
        "url": f"{url}/v2/{NIGHTLY}:run",
        "headers": {"Content-Type": "application/json"},
        "oauth_token": {"service_account_email": "invoker@overplanned-local.test"},
        "body": json.dumps({"overrides": overrides}).encode(),
    }
    await queues.create_task({"parent": queue, "task": {"http_request": request}})
    assert await pipe.line() == "2026-11-22"
    await admin.until_idle()
    [execution] = (await admin.state())["jobs"][NIGHTLY]
    assert execution["state"] == "succeeded"
