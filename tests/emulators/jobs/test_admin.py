"""State, reset, faults and idle."""

import asyncio

import pytest
from google.api_core.exceptions import NotFound, ServiceUnavailable

from tests.emulators.admin_client import AdminClient
from tests.emulators.jobs.cloud import NIGHTLY, Cloud, completed
from tests.emulators.jobs.pipe import Pipe
from tests.emulators.jobs.processes import has_ended


async def test_the_state_tells_of_jobs_executions_tasks_and_calls(
    cloud: Cloud, admin: AdminClient
) -> None:
    await cloud.create("exit $CLOUD_RUN_TASK_INDEX", tasks=2, max_retries=0)
    execution = await cloud.run()
    state = await admin.state()
    [seen] = state["jobs"][NIGHTLY]
    assert (seen["name"], seen["state"]) == (execution.name.rpartition("/")[2], "failed")
    assert [
        (task["index"], task["state"], task["attempts"], task["exit_code"])
        for task in seen["tasks"]
    ] == [(0, "succeeded", 1, 0), (1, "failed", 1, 1)]
    assert (state["calls"]["CreateJob"], state["calls"]["RunJob"]) == (1, 1)


async def test_idle_waits_until_no_execution_runs(
    cloud: Cloud, admin: AdminClient, pipe: Pipe
) -> None:
    await cloud.create(f"echo up > {pipe.path}; sleep 0.2")
    await admin.until_idle()
    started = await cloud.start()
    await pipe.line()
    assert not await admin.is_idle()
    await admin.until_idle()
    assert completed(await started.now()).state.name == "CONDITION_SUCCEEDED"


async def test_reset_ends_processes_and_forgets_everything(
    cloud: Cloud, admin: AdminClient, pipe: Pipe
) -> None:
    await cloud.create(f"trap '' TERM; echo $$ > {pipe.path}; while :; do sleep 1; done")
    started = await cloud.start()
    pid = int(await pipe.line())
    await admin.reset()
    assert has_ended(pid)
    state = await admin.state()
    assert (state["jobs"], state["calls"]) == ({}, {})
    for method, name in (
        (cloud.jobs.get_job, NIGHTLY),
        (cloud.executions.get_execution, started.name),
    ):
        with pytest.raises(NotFound):
            await cloud.call(method, name=name)


async def test_an_injected_fault_starts_nothing(cloud: Cloud, admin: AdminClient) -> None:
    await cloud.create("exit 0")
    await admin.faults(fail_next=1, status=503, match=":run")
    with pytest.raises(ServiceUnavailable):
        await cloud.call(cloud.jobs.run_job, request={"name": NIGHTLY}, retry=None)
    assert (await cloud.call(cloud.jobs.get_job, name=NIGHTLY)).execution_count == 0
    assert (await asyncio.create_task(cloud.run())).succeeded_count == 1
