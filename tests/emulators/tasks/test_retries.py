"""When a failed task is tried again, and when it is given up."""

import email.utils
from typing import Any

import pytest
from google.api_core.exceptions import NotFound
from google.cloud.tasks_v2 import CloudTasksAsyncClient, Task

from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import Answer, HttpTarget
from tests.emulators.tasks.names import LOCATION

QUEUE = f"{LOCATION}/queues/retries"


class Retried:
    """A task in a queue with the given retry_config, and its attempts one by one."""

    def __init__(
        self, client: CloudTasksAsyncClient, admin: AdminClient, target: HttpTarget
    ) -> None:
        self.client = client
        self.admin = admin
        self.target = target
        self.name = ""

    async def start(
        self, retry_config: dict[str, Any], own_config: dict[str, Any] | None = None
    ) -> None:
        await self.client.create_queue(
            {"parent": LOCATION, "queue": {"name": QUEUE, "retry_config": retry_config}}
        )
        task: dict[str, Any] = {"http_request": {"url": self.target.url}}
        if own_config is not None:
            task["retry_config"] = own_config
        self.name = (await self.client.create_task({"parent": QUEUE, "task": task})).name

    async def failed(self, attempts: int) -> Task:
        """The task after that many attempts, none of them under way."""
        await self.target.received(attempts)
        await self.admin.until_idle()
        task = await self.client.get_task(name=self.name)
        assert task.dispatch_count == attempts
        return task

    async def waits(self, count: int) -> list[float]:
        """The seconds from each of the first failures to the next schedule time."""
        found = []
        for attempts in range(1, count + 1):
            task = await self.failed(attempts)
            wait = task.schedule_time - task.last_attempt.response_time
            found.append(wait.total_seconds())
            await self.admin.advance(wait.total_seconds())
        return found

    async def is_gone(self) -> bool:
        await self.admin.until_idle()
        try:
            await self.client.get_task(name=self.name)
        except NotFound:
            return True
        return False


@pytest.fixture
def retried(client: CloudTasksAsyncClient, admin: AdminClient, target: HttpTarget) -> Retried:
    target.always = Answer(400)
    return Retried(client, admin, target)


async def test_the_backoff_doubles_then_grows_linearly_up_to_the_maximum(retried: Retried) -> None:
    await retried.start(
        {"min_backoff": {"seconds": 10}, "max_backoff": {"seconds": 300}, "max_doublings": 3}
    )
    expected = [10, 20, 40, 80, 160, 240, 300, 300]
    assert await retried.waits(8) == pytest.approx(expected, abs=1e-5)


async def test_a_task_is_not_tried_before_its_backoff_is_over(retried: Retried) -> None:
    await retried.start({"min_backoff": {"seconds": 100}})
    await retried.failed(1)
    await retried.admin.advance(90)
    await retried.failed(1)
    await retried.admin.advance(10)
    await retried.failed(2)


async def test_a_tasks_own_settings_win_over_the_queues(retried: Retried) -> None:
    await retried.start(
        {"min_backoff": {"seconds": 10}, "max_attempts": 9},
        {"min_backoff": {"nanos": 500_000_000}, "max_attempts": 3},
    )
    assert await retried.waits(2) == pytest.approx([0.5, 1.0], abs=1e-5)
    await retried.target.received(3)
    assert await retried.is_gone()


async def test_a_task_ends_after_its_last_attempt(retried: Retried) -> None:
    await retried.start({"max_attempts": 3, "min_backoff": {"seconds": 60}})
    await retried.waits(2)
    await retried.target.received(3)
    assert await retried.is_gone()
    facts = (await retried.admin.state())["queues"][QUEUE]
    assert (facts["dispatched"], facts["failed"], facts["given_up"]) == (3, 3, 1)
    await retried.admin.advance(86400)
    assert await retried.is_gone()
    assert len(retried.target.calls) == 3


async def test_with_a_duration_too_both_limits_must_be_reached(retried: Retried) -> None:
    await retried.start(
        {
            "max_attempts": 2,
            "max_retry_duration": {"seconds": 100},
            "min_backoff": {"seconds": 40},
            "max_doublings": 1,
            "max_backoff": {"seconds": 40},
        }
    )
    # Attempts at 0, 40, 80, 120 s: the second uses up the attempts, the fourth the duration.
    await retried.waits(3)
    await retried.target.received(4)
    assert await retried.is_gone()


async def test_the_duration_alone_does_not_end_a_task(retried: Retried) -> None:
    await retried.start(
        {
            "max_attempts": 4,
            "max_retry_duration": {"seconds": 10},
            "min_backoff": {"seconds": 30},
        }
    )
    await retried.waits(3)
    await retried.target.received(4)
    assert await retried.is_gone()


async def test_unlimited_attempts_end_with_the_duration(retried: Retried) -> None:
    await retried.start(
        {
            "max_attempts": -1,
            "max_retry_duration": {"seconds": 100},
            "min_backoff": {"seconds": 60},
            "max_backoff": {"seconds": 60},
        }
    )
    await retried.waits(2)
    await retried.target.received(3)
    assert await retried.is_gone()


async def test_unlimited_attempts_without_a_duration_end_after_31_days(retried: Retried) -> None:
    # Attempts on days 0, 10, 20 and 30: the next would be on day 40.
    days = {"seconds": 10 * 86400}
    await retried.start({"max_attempts": -1, "min_backoff": days, "max_backoff": days})
    await retried.waits(3)
    await retried.target.received(4)
    assert await retried.is_gone()


@pytest.mark.parametrize("status", [429, 503])
async def test_a_retry_after_lengthens_the_wait(retried: Retried, status: int) -> None:
    retried.target.script(Answer(status, {"Retry-After": "120"}))
    await retried.start({"min_backoff": {"seconds": 10}})
    assert await retried.waits(1) == pytest.approx([120], abs=1e-5)


async def test_a_retry_after_may_be_a_date_on_the_stacks_clock(retried: Retried) -> None:
    now = await retried.admin.advance(86400)
    at = int(now) + 600
    date = email.utils.formatdate(at, usegmt=True)
    retried.target.script(Answer(503, {"Retry-After": date}))
    await retried.start({"min_backoff": {"seconds": 10}})
    task = await retried.failed(1)
    assert task.schedule_time.timestamp() == pytest.approx(at, abs=0.001)


async def test_a_retry_after_does_not_shorten_the_wait(retried: Retried) -> None:
    retried.target.script(Answer(503, {"Retry-After": "1"}))
    await retried.start({"min_backoff": {"seconds": 10}})
    assert await retried.waits(1) == pytest.approx([10], abs=1e-5)
