"""How fast a queue dispatches: rate, burst, concurrency, and slowing down for a weak target."""

import asyncio
from typing import Any

import pytest
from google.cloud.tasks_v2 import CloudTasksAsyncClient

from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget
from tests.emulators.tasks.names import LOCATION

QUEUE = f"{LOCATION}/queues/pace"
BURST = 10  # what the service gives every slow queue


class Paced:
    """A queue with the given rate limits and a number of tasks in it."""

    def __init__(
        self, client: CloudTasksAsyncClient, admin: AdminClient, target: HttpTarget
    ) -> None:
        self.client = client
        self.admin = admin
        self.target = target

    async def start(self, tasks: int, **rate_limits: float) -> None:
        await self.client.create_queue(
            {
                "parent": LOCATION,
                "queue": {
                    "name": QUEUE,
                    "rate_limits": rate_limits,
                    "retry_config": {"max_attempts": 1},
                },
            }
        )
        await self.add(tasks)

    async def add(self, tasks: int) -> None:
        task: dict[str, Any] = {"http_request": {"url": self.target.url}}
        await asyncio.gather(
            *(self.client.create_task({"parent": QUEUE, "task": task}) for _ in range(tasks))
        )

    async def facts(self) -> dict[str, Any]:
        state = await self.admin.state()
        facts: dict[str, Any] = state["queues"][QUEUE]
        return facts

    async def settled(self, dispatched: int) -> dict[str, Any]:
        """The queue's facts once that many were dispatched and none is under way."""
        await self.target.received(dispatched)
        facts = await self.facts()
        while facts["in_flight"]:  # its answers are on their way
            facts = await self.facts()
        assert len(self.target.calls) == facts["dispatched"] == dispatched
        return facts


@pytest.fixture
def paced(client: CloudTasksAsyncClient, admin: AdminClient, target: HttpTarget) -> Paced:
    return Paced(client, admin, target)


async def test_a_burst_goes_at_once_and_the_rest_at_the_rate(paced: Paced) -> None:
    await paced.start(BURST + 5, max_dispatches_per_second=0.01)
    assert (await paced.settled(BURST))["due"] == 5
    assert not await paced.admin.is_idle()
    await paced.admin.advance(90)
    await paced.settled(BURST)
    await paced.admin.advance(11)
    await paced.settled(BURST + 1)
    await paced.admin.advance(300)
    await paced.settled(BURST + 4)
    await paced.admin.advance(100)
    await paced.settled(BURST + 5)
    await paced.admin.until_idle()


async def test_unused_tokens_pile_up_to_one_burst_only(paced: Paced) -> None:
    await paced.start(BURST, max_dispatches_per_second=0.01)
    await paced.settled(BURST)
    await paced.admin.advance(86400)
    await paced.add(BURST + 5)
    await paced.settled(2 * BURST)


async def test_no_more_run_at_once_than_the_queue_allows(paced: Paced) -> None:
    paced.target.hold()
    await paced.start(7, max_concurrent_dispatches=3)
    await paced.target.received(3)
    facts = await paced.facts()
    assert (facts["in_flight"], facts["due"], facts["backlog"]) == (3, 4, 4)
    paced.target.release()
    await paced.settled(7)
    assert paced.target.most_running == 3


async def test_one_at_a_time_means_one_after_another(paced: Paced) -> None:
    await paced.start(10, max_concurrent_dispatches=1)
    await paced.settled(10)
    assert paced.target.most_running == 1


async def test_run_task_goes_beyond_the_limits(paced: Paced) -> None:
    paced.target.hold()
    await paced.start(2, max_concurrent_dispatches=1)
    await paced.target.received(1)
    tasks = [task async for task in await paced.client.list_tasks(parent=QUEUE)]
    [waiting] = [task for task in tasks if not task.dispatch_count]
    await paced.client.run_task(name=waiting.name)
    await paced.target.received(2)
    assert paced.target.running == 2
    paced.target.release()
    await paced.settled(2)


async def test_a_raised_limit_holds_at_once(paced: Paced) -> None:
    paced.target.hold()
    await paced.start(5, max_concurrent_dispatches=1)
    await paced.target.received(1)
    await paced.client.update_queue(
        {
            "queue": {"name": QUEUE, "rate_limits": {"max_concurrent_dispatches": 5}},
            "update_mask": {"paths": ["rate_limits.max_concurrent_dispatches"]},
        }
    )
    await paced.target.received(5)
    assert paced.target.running == 5
    paced.target.release()
    await paced.settled(5)


@pytest.mark.parametrize("status", [429, 503])
async def test_an_overloaded_target_halves_the_rate_and_success_brings_it_back(
    paced: Paced, status: int
) -> None:
    paced.target.script(status, status)
    await paced.start(2, max_dispatches_per_second=0.01)
    assert (await paced.settled(2))["rate_share"] == 0.25
    await paced.admin.advance(86400)
    await paced.add(5)
    # A quarter of the burst of ten is two and a half: two go, the third waits 4 times as long.
    facts = await paced.settled(4)
    assert facts["due"] == 3
    await paced.admin.advance(86400)
    await paced.settled(7)
    await paced.admin.advance(86400)
    await paced.add(3)
    assert (await paced.settled(10))["rate_share"] == 1


async def test_the_queue_slows_down_when_more_than_half_of_twenty_fail(paced: Paced) -> None:
    paced.target.script(*[200] * 10, *[400] * 11)
    await paced.start(20, max_concurrent_dispatches=1)
    assert (await paced.settled(20))["rate_share"] == 1
    await paced.add(1)
    assert (await paced.settled(21))["rate_share"] == 0.5
