"""What an execution does with its tasks."""

import asyncio
import datetime
from pathlib import Path

import pytest
from google.api_core.exceptions import BadRequest
from google.cloud.run_v2 import Condition

from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.jobs.cloud import NIGHTLY, Cloud, completed
from tests.emulators.jobs.pipe import Pipe
from tests.emulators.jobs.processes import has_ended

SUCCEEDED, FAILED = Condition.State.CONDITION_SUCCEEDED, Condition.State.CONDITION_FAILED
MONTH = 30 * 86400


async def test_a_job_runs_to_its_end_and_its_operation_answers_with_the_execution(
    cloud: Cloud,
) -> None:
    await cloud.create("exit 0")
    started = await cloud.start()
    assert started.operation.metadata.name.startswith(f"{NIGHTLY}/executions/nightly-")
    await started.wait()
    execution = await asyncio.to_thread(started.operation.result)
    assert (execution.succeeded_count, execution.failed_count) == (1, 0)
    assert (completed(execution).state, execution.reconciling) == (SUCCEEDED, False)
    job = await cloud.call(cloud.jobs.get_job, name=NIGHTLY)
    assert (job.execution_count, job.latest_created_execution.name) == (1, execution.name)
    assert job.latest_created_execution.completion_status.name == "EXECUTION_SUCCEEDED"


async def test_a_failed_task_is_tried_again_until_it_succeeds(
    cloud: Cloud, admin: AdminClient
) -> None:
    await cloud.create("test $CLOUD_RUN_TASK_ATTEMPT = 2 || exit 7")
    execution = await cloud.run()
    assert completed(execution).state == SUCCEEDED
    assert execution.retried_count == 2
    [task] = await cloud.tasks_of(execution)
    assert (task.retried, task.last_attempt_result.exit_code) == (2, 0)
    [seen] = (await admin.state())["jobs"][NIGHTLY]
    assert seen["tasks"][0]["attempts"] == 3


async def test_a_task_that_fails_once_too_often_fails_the_execution_and_stops_no_other(
    cloud: Cloud, pipe: Pipe
) -> None:
    script = f"echo $CLOUD_RUN_TASK_INDEX > {pipe.path}; test $CLOUD_RUN_TASK_INDEX != 0 || exit 7"
    await cloud.create(script, tasks=4, parallelism=1, max_retries=1)
    started = await cloud.start()
    operation, execution = await started.wait(), await started.end()
    assert await pipe.lines(5) == ["0", "0", "1", "2", "3"]
    counts = (execution.succeeded_count, execution.failed_count, execution.retried_count)
    assert (counts, execution.running_count) == ((3, 1, 1), 0)
    short = execution.name.rpartition("/")[2]
    expected = f"Task {short}-task0 failed with message: The container exited with an error."
    assert (completed(execution).state, completed(execution).message) == (FAILED, expected)
    assert (operation.done, operation.error.message) == (True, expected)
    task = await cloud.call(cloud.tasks.get_task, name=f"{execution.name}/tasks/{short}-task0")
    assert (task.retried, task.last_attempt_result.exit_code) == (1, 7)


async def test_each_task_gets_the_jobs_environment_and_its_own_place_in_the_execution(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_EMULATORS", "x")
    await cloud.create(
        f"env > {tmp_path}/$CLOUD_RUN_TASK_INDEX; pwd >> {tmp_path}/$CLOUD_RUN_TASK_INDEX",
        tasks=2,
        container={
            "env": [{"name": "CITY", "value": "seattle"}, {"name": "EMPTY"}],
            "working_dir": str(tmp_path),
        },
    )
    execution = await cloud.run()
    for index in range(2):
        *lines, folder = (tmp_path / f"{index}").read_text().splitlines()
        seen = dict(line.split("=", 1) for line in lines)
        assert (seen["CITY"], seen["EMPTY"], folder) == ("seattle", "", str(tmp_path))
        assert {name: seen[name] for name in seen if name.startswith("CLOUD_RUN")} == {
            "CLOUD_RUN_JOB": "nightly",
            "CLOUD_RUN_EXECUTION": execution.name.rpartition("/")[2],
            "CLOUD_RUN_TASK_INDEX": f"{index}",
            "CLOUD_RUN_TASK_COUNT": "2",
            "CLOUD_RUN_TASK_ATTEMPT": "0",
        }
        assert {"PATH", "HOME"} <= set(seen)
        assert "SECRET_OF_THE_EMULATORS" not in seen


async def test_overrides_hold_for_one_execution_alone(cloud: Cloud, pipe: Pipe) -> None:
    script = f"echo $0 $DAY $CITY $CLOUD_RUN_TASK_INDEX/$CLOUD_RUN_TASK_COUNT > {pipe.path}"
    env = [{"name": "DAY", "value": "monday"}, {"name": "CITY", "value": "rome"}]
    await cloud.create(script, container={"args": ["kept"], "env": env})
    container = {"args": ["other"], "env": [{"name": "DAY", "value": "friday"}]}
    execution = await cloud.run(
        container_overrides=[container], task_count=2, timeout=datetime.timedelta(seconds=90)
    )
    assert await pipe.lines(2) == ["other friday rome 0/2", "other friday rome 1/2"]
    assert (execution.task_count, execution.template.timeout.seconds) == (2, 90)
    await cloud.run(container_overrides=[{"clear_args": True}])
    assert await pipe.line() == "sh monday rome 0/1"
    await cloud.run()
    assert await pipe.line() == "kept monday rome 0/1"


async def test_a_task_beyond_its_time_is_told_to_end_before_it_is_killed(
    cloud: Cloud, pipe: Pipe
) -> None:
    script = f"trap 'echo told > {pipe.path}' TERM; while :; do sleep 5 & wait $!; done"
    one_second = datetime.timedelta(seconds=1)
    await cloud.create(script, max_retries=0, timeout=one_second)
    execution = await cloud.run()
    assert await pipe.line() == "told"
    assert execution.failed_count == 1
    [task] = await cloud.tasks_of(execution)
    result = task.last_attempt_result
    assert (result.term_signal, result.exit_code, result.status.code) == (9, 0, 4)
    assert "maximum timeout of 1 seconds" in result.status.message


async def test_no_move_of_the_clock_ends_a_running_task(
    cloud: Cloud, admin: AdminClient, pipe: Pipe, tmp_path: Path
) -> None:
    os_pipe = tmp_path / "go"
    await cloud.create(f"mkfifo {os_pipe}; echo running > {pipe.path}; cat {os_pipe}")
    started = await cloud.start()
    await pipe.line()
    await admin.advance(MONTH)
    assert not await admin.is_idle()
    await asyncio.to_thread(os_pipe.write_text, "go\n")
    assert completed(await started.end()).state == SUCCEEDED


async def test_times_are_those_of_the_stacks_clock(cloud: Cloud, house: House) -> None:
    house.clock.advance(MONTH)
    before = house.clock.now()
    job = await cloud.create("exit 0")
    house.clock.advance(MONTH)
    execution = await cloud.run()
    assert abs(job.create_time.timestamp() - before) < 60
    for at in (execution.create_time, execution.start_time, execution.completion_time):
        assert abs(at.timestamp() - before - MONTH) < 60
    [task] = await cloud.tasks_of(execution)
    assert abs(task.completion_time.timestamp() - before - MONTH) < 60


async def test_a_cancelled_execution_ends_its_processes_and_starts_no_more(
    cloud: Cloud, pipe: Pipe
) -> None:
    script = f"trap 'echo told > {pipe.path}; exit 3' TERM; echo up > {pipe.path}; sleep 60 & wait"
    await cloud.create(script, tasks=3, parallelism=1)
    started = await cloud.start()
    assert await pipe.line() == "up"
    ending = await cloud.call(cloud.executions.cancel_execution, name=started.name)
    operation = await started.wait()
    execution = await asyncio.to_thread(ending.result)
    assert (await pipe.line(), pipe.empty) == ("told", True)
    assert (execution.cancelled_count, execution.retried_count) == (3, 0)
    assert completed(execution).execution_reason.name == "CANCELLED"
    assert (operation.error.code, operation.error.message) == (1, "Execution was cancelled.")
    with pytest.raises(BadRequest):
        await cloud.call(cloud.executions.cancel_execution, name=started.name)


async def test_a_process_that_ignores_the_signal_is_killed(cloud: Cloud, pipe: Pipe) -> None:
    await cloud.create(f"trap '' TERM; echo up > {pipe.path}; while :; do sleep 1; done")
    started = await cloud.start()
    await pipe.line()
    await cloud.call(cloud.executions.cancel_execution, name=started.name)
    [task] = await cloud.tasks_of(await started.end())
    assert task.last_attempt_result.term_signal == 9


async def test_no_more_tasks_run_at_once_than_parallelism_allows(
    cloud: Cloud, tmp_path: Path
) -> None:
    lock = tmp_path / "lock"
    await cloud.create(f"mkdir {lock} && sleep 0.02 && rmdir {lock}", tasks=6, parallelism=1)
    assert (await cloud.run()).retried_count == 0


async def test_no_more_processes_run_at_once_than_the_option_allows(
    cloud: Cloud, admin: AdminClient, pipe: Pipe
) -> None:
    await cloud.create(f"echo up > {pipe.path}; sleep 60 & wait", tasks=3)
    first, second = await cloud.start(), await cloud.start()
    assert await pipe.lines(2) == ["up", "up"]
    counts = [(await started.now()).running_count for started in (first, second)]
    assert (sum(counts), pipe.empty) == (2, True)
    await cloud.call(cloud.executions.cancel_execution, name=first.name)
    await first.end()
    assert await pipe.lines(2) == ["up", "up"]


async def test_what_a_process_leaves_running_ends_with_it(cloud: Cloud, pipe: Pipe) -> None:
    await cloud.create(f"sleep 61 & echo $! > {pipe.path}")
    await cloud.run()
    assert has_ended(int(await pipe.line()))


async def test_output_stands_in_the_jobs_log_with_the_task_that_wrote_it(
    cloud: Cloud, house: House
) -> None:
    await cloud.create("echo out; echo error >&2; printf unfinished; exit 4", max_retries=0)
    execution = await cloud.run()
    task = f"{execution.name.rpartition('/')[2]}-0"
    assert (house.data_dir / "logs" / "nightly.log").read_text().splitlines() == [
        f"{task} out",
        f"{task} error",
        f"{task} unfinished",
        f"{task} Container called exit(4).",
    ]


async def test_a_task_that_never_stops_talking_does_not_fill_the_disk(
    cloud: Cloud, house: House
) -> None:
    await cloud.create("yes 0123456789 | head -c 10000000; head -c 100000 /dev/zero | tr '\\0' x")
    assert completed(await cloud.run()).state == SUCCEEDED
    log = (house.data_dir / "logs" / "nightly.log").read_bytes()
    assert len(log) < 8.1 * 1024 * 1024
    assert log.endswith(b"the rest of it is not kept.)\n")


@pytest.mark.parametrize("container", [{"command": ["/no-such-program"]}, {"working_dir": "/nope"}])
async def test_a_command_that_cannot_start_is_a_failed_task(
    cloud: Cloud, container: dict[str, object]
) -> None:
    await cloud.create("exit 0", max_retries=0, container=container)
    [task] = await cloud.tasks_of(await cloud.run())
    assert task.last_attempt_result.exit_code == 127
