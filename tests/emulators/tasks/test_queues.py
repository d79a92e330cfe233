"""Queues: made, read, changed, paused, purged and deleted as the official client expects."""

import datetime
from typing import Any

import pytest
from google.api_core.exceptions import (
    AlreadyExists,
    FailedPrecondition,
    GoogleAPICallError,
    InvalidArgument,
    MethodNotImplemented,
    NotFound,
)
from google.cloud.tasks_v2 import CloudTasksAsyncClient, Queue
from google.iam.v1 import iam_policy_pb2

from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget
from tests.emulators.tasks.names import LOCATION

MISSING = (
    "Queue does not exist. If you just created the queue, wait at least a minute for the queue "
    "to initialize."
)


async def test_a_queue_gets_the_services_defaults(client: CloudTasksAsyncClient) -> None:
    queue = await client.create_queue(
        {"parent": LOCATION, "queue": {"name": f"{LOCATION}/queues/q"}}
    )
    assert queue == await client.get_queue(name=queue.name)
    assert queue.state == Queue.State.RUNNING
    assert queue.rate_limits.max_dispatches_per_second == 500
    assert queue.rate_limits.max_burst_size == 100
    assert queue.rate_limits.max_concurrent_dispatches == 1000
    assert queue.retry_config.max_attempts == 100
    assert queue.retry_config.min_backoff.total_seconds() == 0.1
    assert queue.retry_config.max_backoff.total_seconds() == 3600
    assert queue.retry_config.max_doublings == 16
    assert queue.retry_config.max_retry_duration.total_seconds() == 0


async def test_the_burst_size_follows_the_rate_whatever_was_sent(
    client: CloudTasksAsyncClient,
) -> None:
    wanted: dict[str, Any] = {
        "name": f"{LOCATION}/queues/q",
        "rate_limits": {"max_dispatches_per_second": 1, "max_burst_size": -1},
    }
    queue = await client.create_queue({"parent": LOCATION, "queue": wanted})
    assert queue.rate_limits.max_burst_size == 10


async def test_queues_are_listed_by_location_in_pages(client: CloudTasksAsyncClient) -> None:
    elsewhere = "projects/overplanned-local/locations/europe-west1"
    for location, name in [(LOCATION, "c"), (LOCATION, "a"), (elsewhere, "x"), (LOCATION, "b")]:
        await client.create_queue(
            {"parent": location, "queue": {"name": f"{location}/queues/{name}"}}
        )
    pager = await client.list_queues(request={"parent": LOCATION, "page_size": 2})
    assert len(pager.queues) == 2
    assert [queue.name[-1] async for queue in pager] == ["a", "b", "c"]


async def test_an_update_changes_what_the_mask_names_and_nothing_else(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    changed = await client.update_queue(
        {
            "queue": {
                "name": queue,
                "rate_limits": {"max_dispatches_per_second": 20, "max_concurrent_dispatches": 3},
                "retry_config": {"max_attempts": 7},
            },
            "update_mask": {"paths": ["rate_limits.max_dispatches_per_second", "retry_config"]},
        }
    )
    assert changed == await client.get_queue(name=queue)
    assert changed.rate_limits.max_dispatches_per_second == 20
    assert changed.rate_limits.max_concurrent_dispatches == 1000
    assert changed.rate_limits.max_burst_size == 10
    assert changed.retry_config.max_attempts == 7


async def test_an_update_without_a_mask_replaces_the_configuration_but_not_the_state(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    await client.pause_queue(name=queue)
    changed = await client.update_queue(
        {"queue": {"name": queue, "state": "RUNNING", "retry_config": {"max_attempts": 2}}}
    )
    assert changed.state == Queue.State.PAUSED
    assert changed.retry_config.max_attempts == 2
    assert changed.rate_limits.max_dispatches_per_second == 500


async def test_what_the_service_alone_sets_is_not_changed_by_an_update(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    await client.pause_queue(name=queue)
    changed = await client.update_queue(
        {
            "queue": {"name": queue, "state": "RUNNING", "rate_limits": {"max_burst_size": 7}},
            "update_mask": {"paths": ["state", "rate_limits.max_burst_size"]},
        }
    )
    assert changed.state == Queue.State.PAUSED
    assert changed.rate_limits.max_burst_size == 100


async def test_an_update_makes_a_queue_that_is_not_there(client: CloudTasksAsyncClient) -> None:
    name = f"{LOCATION}/queues/new"
    await client.update_queue({"queue": {"name": name}})
    assert (await client.get_queue(name=name)).state == Queue.State.RUNNING


async def test_an_unknown_field_in_the_mask_is_refused(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    with pytest.raises(InvalidArgument, match=r"for Queue: rate_limits\.speed"):
        await client.update_queue(
            {"queue": {"name": queue}, "update_mask": {"paths": ["rate_limits.speed"]}}
        )


async def test_a_paused_queue_keeps_its_tasks_until_it_is_resumed(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    assert (await client.pause_queue(name=queue)).state == Queue.State.PAUSED
    await client.create_task({"parent": queue, "task": {"http_request": {"url": target.url}}})
    await admin.until_idle()
    facts = (await admin.state())["queues"][queue]
    assert (facts["state"], facts["backlog"], facts["dispatched"]) == ("PAUSED", 1, 0)
    assert (await client.resume_queue(name=queue)).state == Queue.State.RUNNING
    await target.received(1)


async def test_a_purge_deletes_all_tasks_and_keeps_their_names_taken(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    await client.pause_queue(name=queue)
    task: dict[str, Any] = {
        "name": f"{queue}/tasks/t",
        "http_request": {"url": "http://127.0.0.1:9"},
    }
    created = await client.create_task({"parent": queue, "task": task})
    purged = await client.purge_queue(name=queue)
    assert purged.purge_time >= created.create_time
    assert [task async for task in await client.list_tasks(parent=queue)] == []
    with pytest.raises(AlreadyExists):
        await client.create_task({"parent": queue, "task": task})


async def test_a_deleted_queue_is_gone_with_its_tasks_and_its_name_rests_three_days(
    client: CloudTasksAsyncClient,
    admin: AdminClient,
    house: House,
    queue: str,
    target: HttpTarget,
) -> None:
    later = datetime.datetime.fromtimestamp(house.clock.now() + 3600, datetime.UTC)
    task = {"http_request": {"url": target.url}, "schedule_time": later}
    await client.create_task({"parent": queue, "task": task})
    await client.delete_queue(name=queue)
    with pytest.raises(NotFound, match=MISSING):
        await client.get_queue(name=queue)
    for again in (
        client.create_queue({"parent": LOCATION, "queue": {"name": queue}}),
        client.update_queue({"queue": {"name": queue}}),
    ):
        with pytest.raises(FailedPrecondition, match="a queue with this name existed too recently"):
            await again
    await admin.advance(3 * 86400)
    await client.create_queue({"parent": LOCATION, "queue": {"name": queue}})
    await admin.until_idle()
    assert target.calls == []


async def test_a_queue_exists_once(client: CloudTasksAsyncClient, queue: str) -> None:
    with pytest.raises(AlreadyExists, match="Queue already exists"):
        await client.create_queue({"parent": LOCATION, "queue": {"name": queue}})


async def test_a_missing_queue_is_not_found_in_the_services_words(
    client: CloudTasksAsyncClient,
) -> None:
    name = f"{LOCATION}/queues/none"
    task: dict[str, Any] = {"http_request": {"url": "http://127.0.0.1:9"}}
    for call in (
        client.get_queue(name=name),
        client.pause_queue(name=name),
        client.resume_queue(name=name),
        client.purge_queue(name=name),
        client.create_task({"parent": name, "task": task}),
        client.list_tasks(parent=name),
    ):
        with pytest.raises(NotFound) as refused:
            await call
        assert refused.value.message == MISSING
    with pytest.raises(NotFound) as refused:
        await client.delete_queue(name=name)
    assert refused.value.message == "Requested entity was not found."


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"rate_limits": {"max_dispatches_per_second": -1}},
            "RateLimits.maxDispatchesPerSecond cannot be negative.",
        ),
        (
            {"rate_limits": {"max_dispatches_per_second": 501}},
            "RateLimits.maxDispatchesPerSecond must be less than or equal to 500.",
        ),
        (
            {"rate_limits": {"max_concurrent_dispatches": -1}},
            "RateLimits.maxConcurrentDispatches cannot be negative.",
        ),
        (
            {"rate_limits": {"max_concurrent_dispatches": 5001}},
            "RateLimits.maxConcurrentDispatches must be less than or equal to 5000.",
        ),
        (
            {"retry_config": {"max_attempts": -2}},
            "RetryConfig.maxAttempts must be greater or equal to -1.",
        ),
        (
            {"retry_config": {"max_doublings": -1}},
            "RetryConfig.maxDoublings cannot be negative.",
        ),
        (
            {"retry_config": {"min_backoff": {"seconds": -1}}},
            "RetryConfig.minBackoff cannot be negative.",
        ),
        (
            {"retry_config": {"min_backoff": {"seconds": 10}, "max_backoff": {"seconds": 5}}},
            "RetryConfig.minBackoff must be less than or equal to RetryConfig.maxBackoff.",
        ),
    ],
)
async def test_a_configuration_out_of_range_is_refused_in_the_services_words(
    client: CloudTasksAsyncClient, config: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await client.create_queue(
            {"parent": LOCATION, "queue": {"name": f"{LOCATION}/queues/q", **config}}
        )
    assert refused.value.message == message


@pytest.mark.parametrize(
    "name", ["q", f"{LOCATION}/queues/under_score", f"{LOCATION}/queues/{'x' * 101}", ""]
)
async def test_a_wrong_queue_name_is_refused_in_the_services_words(
    client: CloudTasksAsyncClient, name: str
) -> None:
    with pytest.raises(InvalidArgument, match="Queue name must be formatted: "):
        await client.create_queue({"parent": LOCATION, "queue": {"name": name}})


async def test_a_queue_must_lie_in_the_location_it_is_made_in(
    client: CloudTasksAsyncClient,
) -> None:
    with pytest.raises(InvalidArgument, match="must be the same as the location"):
        await client.create_queue(
            {
                "parent": "projects/overplanned-local/locations/europe-west1",
                "queue": {"name": f"{LOCATION}/queues/q"},
            }
        )


async def test_what_is_not_supported_says_so_with_its_name(client: CloudTasksAsyncClient) -> None:
    with pytest.raises(MethodNotImplemented, match=r"CloudTasks/GetIamPolicy"):
        await client.get_iam_policy(iam_policy_pb2.GetIamPolicyRequest(resource="x"))
    with pytest.raises(MethodNotImplemented, match=r"ListQueues\.filter"):
        await client.list_queues(request={"parent": LOCATION, "filter": "state: PAUSED"})
    for field in ("http_target", "app_engine_routing_override"):
        with pytest.raises(MethodNotImplemented, match=rf"Queue\.{field}"):
            await client.create_queue(
                {"parent": LOCATION, "queue": {"name": f"{LOCATION}/queues/q", field: {}}}
            )
    with pytest.raises(GoogleAPICallError, match=r"CloudTasks/BatchDeleteTasks"):
        await client.batch_delete_tasks(request={"parent": f"{LOCATION}/queues/q", "names": []})
