"""The /_emulator routes of Cloud Tasks."""

from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import NotFound, ServiceUnavailable
from google.cloud.tasks_v2 import CloudTasksAsyncClient

from emulators import tasks
from tests.emulators.admin_client import AdminClient
from tests.emulators.descriptors import installed_files, kept_files
from tests.emulators.http_target import HttpTarget
from tests.emulators.tasks.names import LOCATION


async def test_the_state_shows_each_queue_and_each_call_with_what(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    target.script(200, 500)
    for task_id in ("first", "second"):
        task: dict[str, Any] = {
            "name": f"{queue}/tasks/{task_id}",
            "http_request": {"url": target.url},
        }
        await client.create_task({"parent": queue, "task": task})
        await admin.until_idle()
    await client.pause_queue(name=queue)
    await client.create_task({"parent": queue, "task": {"http_request": {"url": target.url}}})
    state = await admin.state()
    facts = state["queues"][queue]
    assert (facts["state"], facts["backlog"], facts["in_flight"]) == ("PAUSED", 2, 0)
    assert (facts["dispatched"], facts["succeeded"], facts["failed"]) == (2, 1, 1)
    assert state["calls"] == {"CreateQueue": 1, "CreateTask": 3, "PauseQueue": 1}
    assert state["recent"][1]["detail"]["task"]["name"] == f"{queue}/tasks/first"


async def test_idle_waits_for_what_is_due_but_not_for_what_is_due_later(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    assert await admin.is_idle()
    target.hold()
    target.script(500)
    await client.create_task({"parent": queue, "task": {"http_request": {"url": target.url}}})
    await target.received(1)
    assert not await admin.is_idle()
    target.release()
    await admin.until_idle()
    assert (await admin.state())["queues"][queue]["failed"] == 1


async def test_reset_forgets_queues_tasks_names_and_calls(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    target.hold()
    task: dict[str, Any] = {"name": f"{queue}/tasks/t", "http_request": {"url": target.url}}
    await client.create_task({"parent": queue, "task": task})
    await target.received(1)
    await admin.reset()
    assert await admin.is_idle()
    assert (await admin.state())["calls"] == {}
    with pytest.raises(NotFound):
        await client.get_queue(name=queue)
    target.release()
    await client.create_queue({"parent": LOCATION, "queue": {"name": queue}})
    await client.create_task({"parent": queue, "task": task})
    await target.received(2)


async def test_injected_faults_fail_the_calls_they_name(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    await admin.faults(fail_next=1, status=503, match="CreateTask")
    assert await client.get_queue(name=queue)
    with pytest.raises(ServiceUnavailable):
        await client.create_task({"parent": queue, "task": {"http_request": {"url": target.url}}})
    await client.create_task({"parent": queue, "task": {"http_request": {"url": target.url}}})
    await target.received(1)


def test_the_descriptor_file_is_that_of_the_installed_client() -> None:
    kept = Path(tasks.__file__).with_name("tasks.binpb")
    assert kept_files(kept) == installed_files("google.cloud.tasks_v2.types")
