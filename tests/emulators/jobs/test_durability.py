"""What was answered outlives the process, and no process of a job does."""

import asyncio
import os
import signal
import time
from pathlib import Path

import uvloop

from emulators import jobs
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.jobs.cloud import LOCATION, NIGHTLY, Cloud, completed
from tests.emulators.jobs.pipe import Pipe
from tests.emulators.jobs.processes import has_ended
from tests.emulators.process import Emulators, emulators


def cloud_of(running: Emulators) -> Cloud:
    return Cloud(running.addresses["jobs"]["http"])


async def test_an_execution_goes_on_with_another_attempt_after_kill_9(
    tmp_path: Path, pipe: Pipe
) -> None:
    script = (
        f'echo "$CLOUD_RUN_TASK_INDEX $CLOUD_RUN_TASK_ATTEMPT $$" > {pipe.path}; '
        "test $CLOUD_RUN_TASK_INDEX/$CLOUD_RUN_TASK_ATTEMPT != 1/0 || sleep 60"
    )
    with emulators(tmp_path, "jobs") as running:
        cloud = cloud_of(running)
        await cloud.create(script, tasks=3, parallelism=1, max_retries=0)
        started = await cloud.start()
        begun = [(await pipe.line()).split() for _ in range(2)]
        running.kill()
        assert has_ended(int(begun[1][2]))
    with emulators(tmp_path, "jobs") as running:
        again = cloud_of(running)
        request = {"name": started.operation.operation.name}
        ended = await again.call(again.jobs.wait_operation, request=request)
        execution = await again.call(again.executions.get_execution, name=started.name)
        begun += [(await pipe.line()).split() for _ in range(2)]
        assert (ended.done, execution.succeeded_count, execution.retried_count) == (True, 3, 0)
        assert completed(execution).state.name == "CONDITION_SUCCEEDED"
        assert sorted((index, attempt) for index, attempt, _ in begun) == [
            ("0", "0"),
            ("1", "0"),
            ("1", "1"),
            ("2", "0"),
        ]


async def test_an_execution_that_was_answered_for_runs_after_kill_9(
    tmp_path: Path, pipe: Pipe
) -> None:
    with emulators(tmp_path, "jobs") as running:
        cloud = cloud_of(running)
        script = f"echo $CLOUD_RUN_EXECUTION > {pipe.path}"
        busy = f"{script}; test $CLOUD_RUN_TASK_ATTEMPT = 1 || sleep 60"
        await cloud.create(busy, "busy", tasks=2)
        await cloud.create(script)
        await cloud.start(f"{LOCATION}/jobs/busy")
        await pipe.lines(2)  # both places are taken: the next execution has to wait
        answered = await cloud.start()
        running.kill()
    with emulators(tmp_path, "jobs") as running:
        again = cloud_of(running)
        assert answered.name.rpartition("/")[2] in await pipe.lines(3)
        async with AdminClient(running.addresses["jobs"]["http"]) as admin:
            await admin.until_idle()
        execution = await again.call(again.executions.get_execution, name=answered.name)
        assert execution.succeeded_count == 1


async def test_what_a_task_started_does_not_outlive_the_next_start(
    tmp_path: Path, pipe: Pipe
) -> None:
    with emulators(tmp_path, "jobs") as running:
        cloud = cloud_of(running)
        script = (
            f"test $CLOUD_RUN_TASK_ATTEMPT = 0 || exit 0; sleep 63 & echo $! > {pipe.path}; wait"
        )
        await cloud.create(script)
        started = await cloud.start()
        child = int(await pipe.line())
        running.kill()
    with emulators(tmp_path, "jobs"):
        assert has_ended(child), started.name


async def test_a_stop_is_quick_and_orderly_and_the_execution_goes_on_after(
    tmp_path: Path, pipe: Pipe
) -> None:
    script = (
        f"trap 'echo told > {pipe.path}; exit 1' TERM; echo up > {pipe.path}; "
        "test $CLOUD_RUN_TASK_ATTEMPT != 0 && exit; sleep 60 & wait"
    )
    with emulators(tmp_path, "jobs") as running:
        cloud = cloud_of(running)
        await cloud.create(script, max_retries=0)
        started = await cloud.start()
        assert await pipe.line() == "up"
        asked = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(running.process.wait, 10) == 0
        assert time.monotonic() - asked < 2
        assert await pipe.line() == "told"
    with emulators(tmp_path, "jobs") as running:
        assert await pipe.line() == "up"
        again = cloud_of(running)
        request = {"name": started.operation.operation.name}
        await again.call(again.jobs.wait_operation, request=request)
        execution = await again.call(again.executions.get_execution, name=started.name)
        assert (execution.succeeded_count, execution.failed_count) == (1, 0)


async def test_a_cancellation_outlives_the_process(tmp_path: Path, pipe: Pipe) -> None:
    script = f"trap '' TERM; echo $$ > {pipe.path}; while :; do sleep 1; done"
    with emulators(tmp_path, "jobs") as running:
        cloud = cloud_of(running)
        await cloud.create(script)
        started = await cloud.start()
        await pipe.line()
        await cloud.call(cloud.executions.cancel_execution, name=started.name)
        running.kill()
    with emulators(tmp_path, "jobs") as running:
        again = cloud_of(running)
        request = {"name": started.operation.operation.name}
        await again.call(again.jobs.wait_operation, request=request)
        execution = await again.call(again.executions.get_execution, name=started.name)
        assert (completed(execution).execution_reason.name, pipe.empty) == ("CANCELLED", True)


async def test_jobs_and_executions_that_have_ended_are_there_after_a_kill(tmp_path: Path) -> None:
    with emulators(tmp_path, "jobs") as running:
        cloud = cloud_of(running)
        made = await cloud.create("exit 0")
        execution = await cloud.run()
        running.kill()
    with emulators(tmp_path, "jobs") as running:
        again = cloud_of(running)
        kept = await again.call(again.jobs.get_job, name=NIGHTLY)
        assert (kept.uid, kept.execution_count) == (made.uid, 1)
        assert await again.call(again.executions.get_execution, name=execution.name) == execution
        assert (await again.run()).succeeded_count == 1


def test_a_task_holds_nothing_that_the_emulators_hold_open(house: House, tmp_path: Path) -> None:
    # An inheritable file, as the stack hands the emulators the lock of its folder.
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    os.set_inheritable(lock, True)

    async def open_files() -> list[str]:
        running = await jobs.start(house)
        cloud = Cloud(running.addresses["http"])
        await cloud.create(f"ls /proc/self/fd > {tmp_path}/files")
        await cloud.run()
        await running.stop()
        return (tmp_path / "files").read_text().split()

    try:
        # ls itself has its listing open. On uvloop, as the stack runs, whose own children keep it.
        assert uvloop.run(open_files()) == ["0", "1", "2", "3"]
    finally:
        os.close(lock)
