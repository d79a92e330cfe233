"""Tasks: made, named once, read, listed, run and deleted as the official client expects."""

import asyncio
import datetime
from typing import Any

import grpc
import pytest
from google.api_core.exceptions import (
    AlreadyExists,
    InvalidArgument,
    MethodNotImplemented,
    NotFound,
)
from google.cloud.tasks_v2 import CloudTasksAsyncClient, CloudTasksClient, Task
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget
from tests.emulators.tasks.names import MIN_BACKOFF_S

NOWHERE = {"http_request": {"url": "http://127.0.0.1:9/"}}
GONE = (
    "The task no longer exists, though a task with this name existed recently. The task either "
    "successfully completed or was deleted."
)

TOO_FAR = (
    "The Task.scheduleTime, 2099-12-31T16:00:00-08:00, is too far in the future. Schedule time "
    "must be no more than 720h in the future."
)


def in_an_hour(house: House) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(house.clock.now() + 3600, datetime.UTC)


async def test_a_task_gets_the_services_defaults(
    client: CloudTasksAsyncClient, house: House, queue: str
) -> None:
    before = house.clock.now()
    await client.pause_queue(name=queue)
    task = await client.create_task({"parent": queue, "task": NOWHERE})
    assert task.name.startswith(f"{queue}/tasks/")
    assert task.name.rpartition("/")[2].isdigit()
    assert task.http_request.http_method.name == "POST"
    assert dict(task.http_request.headers) == {"User-Agent": "Google-Cloud-Tasks"}
    assert task.dispatch_deadline.total_seconds() == 600
    assert before - 0.001 <= task.schedule_time.timestamp() <= house.clock.now()
    assert task.create_time.microsecond == 0
    assert task.view == Task.View.BASIC
    assert (task.dispatch_count, task.response_count) == (0, 0)


async def test_the_body_is_only_in_the_full_view(client: CloudTasksAsyncClient, queue: str) -> None:
    await client.pause_queue(name=queue)
    task = await client.create_task(
        request={
            "parent": queue,
            "task": {"http_request": {"url": "http://127.0.0.1:9", "body": b"x"}},
            "response_view": "FULL",
        }
    )
    assert (task.http_request.body, task.view) == (b"x", Task.View.FULL)
    assert (await client.get_task(name=task.name)).http_request.body == b""
    full = await client.get_task(request={"name": task.name, "response_view": "FULL"})
    assert full.http_request.body == b"x"


async def test_a_scheduled_task_runs_when_its_time_has_come(
    client: CloudTasksAsyncClient,
    admin: AdminClient,
    house: House,
    queue: str,
    target: HttpTarget,
) -> None:
    task: dict[str, Any] = {"http_request": {"url": target.url}, "schedule_time": in_an_hour(house)}
    await client.create_task({"parent": queue, "task": task})
    await admin.until_idle()
    await admin.advance(3500)
    await admin.until_idle()
    assert target.calls == []
    await admin.advance(100)
    await target.received(1)


async def test_a_schedule_time_in_the_past_becomes_now(
    client: CloudTasksAsyncClient, house: House, queue: str, target: HttpTarget
) -> None:
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    before = house.clock.now()
    task = await client.create_task(
        {"parent": queue, "task": {"http_request": {"url": target.url}, "schedule_time": past}}
    )
    assert task.schedule_time.timestamp() >= before - 0.001
    await target.received(1)


async def test_a_name_is_taken_while_the_task_exists(
    client: CloudTasksAsyncClient, house: House, queue: str
) -> None:
    task: dict[str, Any] = {
        "name": f"{queue}/tasks/t",
        "schedule_time": in_an_hour(house),
        **NOWHERE,
    }
    await client.create_task({"parent": queue, "task": task})
    with pytest.raises(AlreadyExists) as refused:
        await client.create_task({"parent": queue, "task": task})
    assert refused.value.message == "Requested entity already exists"


async def test_of_many_with_one_name_at_once_one_is_made(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    task: dict[str, Any] = {"name": f"{queue}/tasks/t", "http_request": {"url": target.url}}
    made = await asyncio.gather(
        *(client.create_task({"parent": queue, "task": task}) for _ in range(20)),
        return_exceptions=True,
    )
    await admin.until_idle()
    assert sum(isinstance(answer, Task) for answer in made) == 1
    assert sum(isinstance(answer, AlreadyExists) for answer in made) == 19
    assert len(target.calls) == 1


@pytest.mark.parametrize("end", ["success", "deletion", "exhaustion"])
async def test_a_name_stays_taken_for_24_hours_after_the_task(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget, end: str
) -> None:
    task: dict[str, Any] = {
        "name": f"{queue}/tasks/t",
        "http_request": {"url": target.url},
        "retry_config": {"max_attempts": 1},
    }
    if end == "deletion":
        await client.pause_queue(name=queue)
    target.script(400 if end == "exhaustion" else 200)
    await client.create_task({"parent": queue, "task": task})
    await admin.until_idle()
    if end == "deletion":
        await client.delete_task(name=task["name"])
    await admin.advance(24 * 3600 - 30)
    with pytest.raises(AlreadyExists):
        await client.create_task({"parent": queue, "task": task})
    await admin.advance(60)
    await client.create_task({"parent": queue, "task": task})


async def test_a_task_that_is_gone_has_a_text_of_its_own_for_a_day(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    name = f"{queue}/tasks/t"
    await client.create_task(
        {"parent": queue, "task": {"name": name, "http_request": {"url": target.url}}}
    )
    await target.received(1)
    await admin.until_idle()
    for call in (client.get_task, client.delete_task, client.run_task):
        with pytest.raises(NotFound) as refused:
            await call(name=name)
        assert refused.value.message == GONE
    await admin.advance(24 * 3600 + 1)
    with pytest.raises(NotFound) as refused:
        await client.get_task(name=name)
    assert refused.value.message == "Requested entity was not found."


async def test_a_task_that_never_was_is_not_found(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    for call in (client.get_task, client.delete_task, client.run_task):
        with pytest.raises(NotFound) as refused:
            await call(name=f"{queue}/tasks/none")
        assert refused.value.message == "Requested entity was not found."


async def test_tasks_are_listed_in_pages(client: CloudTasksAsyncClient, queue: str) -> None:
    await client.pause_queue(name=queue)
    for number in range(5):
        name = f"{queue}/tasks/t{number}"
        await client.create_task({"parent": queue, "task": {"name": name, **NOWHERE}})
    pager = await client.list_tasks(request={"parent": queue, "page_size": 2})
    assert len(pager.tasks) == 2
    assert [task.name[-1] async for task in pager] == ["0", "1", "2", "3", "4"]


async def test_a_task_deleted_while_it_runs_is_not_tried_again(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    target.hold()
    target.script(500)
    task = await client.create_task(
        {"parent": queue, "task": {"http_request": {"url": target.url}}}
    )
    await target.received(1)
    await client.delete_task(name=task.name)
    target.release()
    await admin.until_idle()
    await admin.advance(3600)
    await admin.until_idle()
    assert len(target.calls) == 1


async def test_run_task_ignores_schedule_pause_and_rate_and_shows_the_dispatch(
    client: CloudTasksAsyncClient,
    admin: AdminClient,
    house: House,
    queue: str,
    target: HttpTarget,
) -> None:
    await client.pause_queue(name=queue)
    wanted: dict[str, Any] = {
        "http_request": {"url": target.url},
        "schedule_time": in_an_hour(house),
    }
    task = await client.create_task({"parent": queue, "task": wanted})
    shown = await client.run_task(name=task.name)
    assert shown.dispatch_count == 1
    assert not shown.last_attempt.response_time
    await target.received(1)
    await admin.until_idle()
    with pytest.raises(NotFound):
        await client.get_task(name=task.name)


async def test_a_task_run_by_hand_is_not_dispatched_again_at_its_time(
    client: CloudTasksAsyncClient,
    admin: AdminClient,
    house: House,
    queue: str,
    target: HttpTarget,
) -> None:
    wanted = {"http_request": {"url": target.url}, "schedule_time": in_an_hour(house)}
    wanted["dispatch_deadline"] = {"seconds": 1800}
    task = await client.create_task({"parent": queue, "task": wanted})
    await admin.advance(3000)
    target.hold()
    await client.run_task(name=task.name)
    await target.received(1)
    await admin.advance(900)
    facts = (await admin.state())["queues"][queue]
    target.release()
    assert (facts["in_flight"], facts["dispatched"]) == (1, 1)


async def test_a_failed_run_is_scheduled_from_the_time_of_the_call(
    client: CloudTasksAsyncClient,
    admin: AdminClient,
    house: House,
    queue: str,
    target: HttpTarget,
) -> None:
    target.script(500)
    wanted: dict[str, Any] = {
        "http_request": {"url": target.url},
        "schedule_time": in_an_hour(house),
    }
    task = await client.create_task({"parent": queue, "task": wanted})
    ran = await client.run_task(name=task.name)
    await target.received(1)
    await admin.until_idle()
    failed = await client.get_task(name=task.name)
    wait = failed.schedule_time - ran.last_attempt.dispatch_time
    assert wait.total_seconds() == pytest.approx(MIN_BACKOFF_S, abs=1e-5)
    await admin.advance(MIN_BACKOFF_S)
    await target.received(2)


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"http_request": {}}, "HttpRequest.url is required."),
        (
            {"http_request": {"url": "ftp://example.com/"}},
            "HttpTarget.url must start with 'http://' or 'https://'.",
        ),
        (
            {"http_request": {"url": "http://h/" + "x" * 2083}},
            "HttpRequest.url must be at most 2083 characters.",
        ),
        (
            {"http_request": {"url": "http://h/", "http_method": "GET", "body": b"x"}},
            "HttpRequest.body is only allowed with POST, PUT, PATCH.",
        ),
        (
            {"http_request": {"url": "http://h/", "headers": {"x": "y" * 81_920}}},
            "HttpRequest.headers must be less than 80KB.",
        ),
        (
            {"http_request": {"url": "http://h/", "headers": {"x": "a\r\nb: c"}}},
            "HttpRequest.headers cannot contain line breaks.",
        ),
        ({"http_request": {"url": "http://h/", "body": b"x" * 2**20}}, "Task size too large"),
        (
            {**NOWHERE, "dispatch_deadline": {"seconds": 14}},
            "Task.dispatchDeadline must be between [15s, 30m].",
        ),
        (
            {**NOWHERE, "dispatch_deadline": {"seconds": 1801}},
            "Task.dispatchDeadline must be between [15s, 30m].",
        ),
        (
            {**NOWHERE, "schedule_time": {"seconds": 4102444800}},
            TOO_FAR,
        ),
        ({**NOWHERE, "schedule_time": {"seconds": 2**50}}, "Timestamp is not valid: "),
        (
            {**NOWHERE, "retry_config": {"max_attempts": -2}},
            "RetryConfig.maxAttempts must be greater or equal to -1.",
        ),
        (
            {"http_request": {"url": "http://h/", "oidc_token": {"audience": "a"}}},
            "HttpRequest.oidc_token.service_account_email is required.",
        ),
        ({}, "Task.http_request is required."),
    ],
)
async def test_a_task_that_cannot_be_is_refused_with_the_reason(
    client: CloudTasksAsyncClient, queue: str, task: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await client.create_task({"parent": queue, "task": task})
    assert message in refused.value.message
    assert [task async for task in await client.list_tasks(parent=queue)] == []


async def test_a_task_of_nearly_one_mebibyte_is_taken(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    await client.pause_queue(name=queue)
    request = {"url": "http://127.0.0.1:9", "body": b"x" * (2**20 - 400)}
    await client.create_task({"parent": queue, "task": {"http_request": request}})


async def test_a_schedule_30_days_ahead_is_taken(
    client: CloudTasksAsyncClient, house: House, queue: str
) -> None:
    at = datetime.datetime.fromtimestamp(house.clock.now() + 720 * 3600 - 60, datetime.UTC)
    await client.create_task({"parent": queue, "task": {**NOWHERE, "schedule_time": at}})


@pytest.mark.parametrize("task_id", ["not a valid id", "x" * 501, "a/b", "a.b"])
async def test_a_wrong_task_id_is_refused_in_the_services_words(
    client: CloudTasksAsyncClient, queue: str, task_id: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await client.create_task(
            {"parent": queue, "task": {"name": f"{queue}/tasks/{task_id}", **NOWHERE}}
        )
    assert refused.value.message == (
        f'Task ID "{task_id}" can contain only letters ([A-Za-z]), numbers ([0-9]), hyphens (-), '
        "or underscores (_). Task ID must between 1 and 500 characters."
    )


async def test_a_task_id_of_500_characters_is_taken(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    await client.pause_queue(name=queue)
    name = f"{queue}/tasks/{'aZ0_-' * 100}"
    assert (
        await client.create_task({"parent": queue, "task": {"name": name, **NOWHERE}})
    ).name == name


async def test_a_task_must_lie_in_the_queue_it_is_made_in(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await client.create_task(
            {"parent": queue, "task": {"name": f"{queue}-other/tasks/t", **NOWHERE}}
        )
    assert refused.value.message == (
        f"The queue name from request ('{queue}') must be the same as the queue name in the "
        f"named task ('{queue}-other')."
    )


async def test_an_app_engine_task_is_not_supported(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    with pytest.raises(MethodNotImplemented, match="app_engine_http_request"):
        await client.create_task({"parent": queue, "task": {"app_engine_http_request": {}}})


async def test_the_synchronous_client_works_too(
    emulator: dict[str, str], queue: str, target: HttpTarget
) -> None:
    def create() -> str:
        with grpc.insecure_channel(emulator["grpc"]) as channel:
            client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
            task = {"http_request": {"url": target.url}}
            return client.create_task({"parent": queue, "task": task}).name

    name = await asyncio.to_thread(create)
    [call] = await target.received(1)
    assert call.headers["x-cloudtasks-taskname"] == name.rpartition("/")[2]
