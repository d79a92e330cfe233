"""Owns one attempt of a task: its command, its environment, its time, and how it ended."""

import asyncio
from typing import Any

from emulators.jobs import names
from emulators.jobs.log_folder import AttemptLog, LogFolder
from emulators.jobs.process import Process, spawn
from emulators.jobs.records import EXITED_WITH_ERROR, Ended

UNKNOWN, DEADLINE_EXCEEDED = 2, 4  # google.rpc.Code
TIMED_OUT = "Terminating task because it has reached the maximum timeout of {seconds} seconds."


class Attempt:
    """One process for one task. Its timeout is real time: no move of the clock ends it."""

    def __init__(
        self, execution: Any, task: Any, number: int, logs: LogFolder, grace_s: float
    ) -> None:
        self.grace_s = grace_s
        self._execution = execution
        self._task = task
        self._number = number
        self._logs = logs
        self._end_asked = asyncio.Event()

    async def run(self) -> Ended:
        """Runs the process to its end; a cancelled call ends it within `grace_s` seconds."""
        prefix = f"{names.short(self._execution.name)}-{self._task.index}"
        log = self._logs.open(self._execution.job, prefix)
        try:
            return await self._run(log)
        except OSError as error:
            log.write(f"The container could not be started: {error}".encode())
            return Ended(exit_code=127, code=UNKNOWN, message=f"It could not be started: {error}")
        finally:
            log.close()

    def end(self) -> None:
        """Asks the process to end (SIGTERM), and makes it end `grace_s` seconds later."""
        self._end_asked.set()

    async def _run(self, log: AttemptLog) -> Ended:
        container = self._task.containers[0]
        command = (*container.command, *container.args)
        process = await spawn(command, self._environment(), container.working_dir or None, log)
        try:
            timed_out = await self._until_over(process)
        finally:
            status = await process.stop(self.grace_s)
        if timed_out:
            text = TIMED_OUT.format(seconds=self._task.timeout.ToSeconds())
            log.write(text.encode())
            return _ended(status, DEADLINE_EXCEEDED, text)
        if status == 0:
            return Ended()
        how = f"called exit({status})" if status > 0 else f"terminated on signal {-status}"
        log.write(f"Container {how}.".encode())
        return _ended(status, UNKNOWN, EXITED_WITH_ERROR)

    async def _until_over(self, process: Process) -> bool:
        """Waits until the process has ended, or is to end; whether its time is up."""
        waits = [asyncio.create_task(each) for each in (process.exited(), self._end_asked.wait())]
        try:
            done, _ = await asyncio.wait(
                waits,
                timeout=self._task.timeout.ToMicroseconds() / 1e6,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            for wait in waits:
                wait.cancel()
        return not done

    def _environment(self) -> dict[str, str]:
        variables = {each.name: each.value for each in self._task.containers[0].env}
        return variables | {
            "CLOUD_RUN_JOB": self._execution.job,
            "CLOUD_RUN_EXECUTION": names.short(self._execution.name),
            "CLOUD_RUN_TASK_INDEX": f"{self._task.index}",
            "CLOUD_RUN_TASK_COUNT": f"{self._execution.task_count}",
            "CLOUD_RUN_TASK_ATTEMPT": f"{self._number}",
        }


def _ended(status: int, code: int, message: str) -> Ended:
    if status < 0:
        return Ended(term_signal=-status, code=code, message=message)
    return Ended(exit_code=status, code=code, message=message)
