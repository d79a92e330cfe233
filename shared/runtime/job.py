"""The face of a Cloud Run job: which task of how many it is, orderly ends, exit codes."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from shared.runtime import log
from shared.runtime.opening import Opening
from shared.runtime.settings import Settings, read_settings


@dataclass(frozen=True, slots=True)
class JobTask:
    """One task of an execution: `index` of `count`, and which try of it this is, from 0.

    The names are Cloud Run's: CLOUD_RUN_JOB, CLOUD_RUN_EXECUTION, CLOUD_RUN_TASK_INDEX,
    CLOUD_RUN_TASK_COUNT, CLOUD_RUN_TASK_ATTEMPT (docs: container contract, jobs).
    """

    job: str
    execution: str
    index: int
    count: int
    attempt: int
    overrides: Mapping[str, str]
    """The variables of the process; an execution may override some of them."""


D = TypeVar("D")
Handler = Callable[[JobTask, D], Awaitable[None]]


def job_face(join: Callable[[Opening], Awaitable[D]]) -> Callable[[Handler[D]], Callable[[], int]]:
    """Return a decorator that makes of `handler(task, drivers)` a command with an exit status.

    0 says that the task is done and 1 that it is to be tried again. SIGTERM, which Cloud Run sends
    10 s before it kills, cancels the handler: what it has not finished the next try takes up.
    """

    def decorate(handler: Handler[D]) -> Callable[[], int]:
        async def run() -> None:
            settings = read_settings()
            task = read_task(settings)
            log.trace_id.set(os.urandom(16).hex())
            running = asyncio.current_task()
            assert running is not None
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
            log.event("job.started", execution=task.execution, index=task.index, count=task.count)
            await handler(task, await join(Opening(settings)))
            log.event("job.done", execution=task.execution, index=task.index)

        def command() -> int:
            try:
                asyncio.run(run())
            except asyncio.CancelledError:
                log.event("job.stopped")
                return 1
            except Exception as error:  # noqa: BLE001 - the exit status is the job's only reply
                log.failure("job.failed", error)
                return 1
            return 0

        return command

    return decorate


def read_task(settings: Settings) -> JobTask:
    """Return which task this process is; outside Cloud Run the only one of an unnamed execution."""
    environment = settings.environment
    return JobTask(
        job=environment.get("CLOUD_RUN_JOB", "local"),
        execution=environment.get("CLOUD_RUN_EXECUTION", "local"),
        index=int(environment.get("CLOUD_RUN_TASK_INDEX", "0")),
        count=int(environment.get("CLOUD_RUN_TASK_COUNT", "1")),
        attempt=int(environment.get("CLOUD_RUN_TASK_ATTEMPT", "0")),
        overrides=environment,
    )
