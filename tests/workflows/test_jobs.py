"""A job runs in the emulator as a function would: told the same, waited for, its failure raised."""

import json
from typing import Any

import pytest

from tests.workflows.builders import FIXTURES
from workflows.jobs import JobFailed
from workflows.stack import Refused, Stack

# What Cloud Run, or the framework, tells a service alone, and what a job's task is told alone.
OF_A_SERVICE = {
    *("PORT", "FUNCTION_TARGET", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"),
    *("FUNCTION_SIGNATURE_TYPE", "SERVER_SOFTWARE"),
}
OF_A_TASK = {
    f"CLOUD_RUN_{name}" for name in ("JOB", "EXECUTION", "TASK_INDEX", "TASK_COUNT", "TASK_ATTEMPT")
}


def told(stack: Stack, execution: dict[str, Any]) -> list[dict[str, Any]]:
    """What the tasks of the execution wrote, in the order of their indexes."""
    name = execution["name"].rpartition("/")[2]
    lines = (stack.data_dir / "logs" / "tell-task.log").read_text().splitlines()
    facts = [json.loads(line.partition(" ")[2]) for line in lines if line.startswith(f"{name}-")]
    return sorted(facts, key=lambda fact: fact["environment"]["CLOUD_RUN_TASK_INDEX"])


async def test_every_task_of_an_execution_has_run_when_it_returns(fixture_stack: Stack) -> None:
    execution = await fixture_stack.jobs.run("tell_task")
    assert execution["succeededCount"] == 2
    tasks = [fact["environment"] for fact in told(fixture_stack, execution)]
    assert [task["CLOUD_RUN_TASK_INDEX"] for task in tasks] == ["0", "1"]
    assert {task["CLOUD_RUN_TASK_COUNT"] for task in tasks} == {"2"}


async def test_a_run_overrides_variables_and_the_number_of_tasks(fixture_stack: Stack) -> None:
    execution = await fixture_stack.jobs.run("tell_task", {"DAY": "2026-11-22"}, tasks=3)
    days = [fact["environment"]["DAY"] for fact in told(fixture_stack, execution)]
    assert days == ["2026-11-22"] * 3


async def test_a_job_is_told_what_a_function_is_told(fixture_stack: Stack) -> None:
    execution = await fixture_stack.jobs.run("tell_task", tasks=1)
    (fact,) = told(fixture_stack, execution)
    async with fixture_stack.client() as client:
        function = (await client.post("/echo/bob")).json()["environment"]
    job = fact["environment"]
    assert fact["folder"] == str(FIXTURES)
    assert job.keys() - function.keys() == OF_A_TASK
    assert function.keys() - job.keys() == OF_A_SERVICE
    assert all(job[name] == value for name, value in function.items() if name in job)
    assert job["RUN_API_URL"] == fixture_stack.addresses.http("jobs")
    assert job["TRAINING_BUCKET"] == "overplanned-local-training"


async def test_a_job_that_fails_is_raised_with_its_execution(fixture_stack: Stack) -> None:
    with pytest.raises(JobFailed, match=r"The job end_badly failed: .*logs end_badly") as failed:
        await fixture_stack.jobs.run("end_badly")
    assert failed.value.execution["failedCount"] == 1


async def test_the_latest_execution_of_each_job_is_known(fixture_stack: Stack) -> None:
    execution = await fixture_stack.jobs.run("tell_task", tasks=1)
    latest = (await fixture_stack.jobs.states())["tell_task"]
    assert (latest["name"], latest["completionStatus"]) == (
        execution["name"],
        "EXECUTION_SUCCEEDED",
    )
    newest, *_ = await fixture_stack.jobs.executions("tell_task")
    assert newest["name"] == execution["name"]


async def test_a_job_that_does_not_exist_is_refused_by_name(fixture_stack: Stack) -> None:
    with pytest.raises(Refused, match="'no-such-job' of kind 'JOB'"):
        await fixture_stack.jobs.run("no_such_job")
