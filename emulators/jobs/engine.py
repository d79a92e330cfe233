"""Owns all jobs and executions of the emulator: keeps them, starts them, lets them go."""

import asyncio
from collections.abc import Iterable
from typing import Any

from emulators.jobs import errors, names, records
from emulators.jobs.facts import RUNNING, completion_status, execution_facts
from emulators.jobs.process import end_leftovers
from emulators.jobs.run import Gear, Run
from emulators.jobs.tables import Operation, TaskRow

STOP_GRACE_S = 1.0  # the whole process has two seconds to stop
SHOWN_EXECUTIONS = 20  # of each job in /_emulator/state


class Engine:
    """The jobs by full name, kept in step with the tables, and the executions at work."""

    def __init__(self, gear: Gear) -> None:
        self.gear = gear
        self.jobs: dict[str, Any] = {job.name: job for job in gear.tables.jobs()}
        self.runs: dict[str, Run] = {}
        self._resume()

    def job(self, name: str) -> Any:
        """The job of that name. Raises RunError 404."""
        if name not in self.jobs:
            raise errors.missing("JOB", name)
        return self.jobs[name]

    def execution(self, name: str) -> Any:
        """The execution of that name. Raises RunError 404."""
        found = self.gear.tables.execution(name)
        if found is None:
            raise errors.missing("EXECUTION", name)
        return found

    async def keep(self, job: Any) -> Operation:
        """Takes in a new job or a changed one."""
        self.jobs[job.name] = job
        self.gear.tables.put_job(job)
        return await self._record(job.name, "Job", result=job.SerializeToString())

    async def drop(self, job: Any) -> Operation:
        """Deletes a job with its executions, whose processes are killed."""
        del self.jobs[job.name]
        await self._break_off(run for run in self.runs.values() if _job_of(run) == job.name)
        self.gear.tables.drop_job(job.name)
        return await self._record(job.name, "Job", result=job.SerializeToString())

    async def run(self, job: Any, template: Any) -> Operation:
        """Starts an execution of a job by the template; it is durable before the operation is."""
        now = self.gear.clock.now()
        execution = records.new_execution(job, template, now)
        tasks = range(execution.task_count)
        rows = [TaskRow(records.new_task(execution, index, now), 0) for index in tasks]
        self._refer(job, execution, RUNNING)
        self.gear.tables.add_execution(execution, job.name, rows)
        operation = await self._record(execution.name, "run", execution=execution.name)
        if self.gear.tables.execution(execution.name) is not None:  # else deleted meanwhile
            self._start(Run(execution, rows, self.gear))
        return operation

    async def cancel(self, name: str) -> Operation:
        """Ends an execution: SIGTERM, after a grace SIGKILL. Raises RunError 404, 400."""
        run = self.runs.get(name)
        if run is None or records.has_completed(run.execution):
            self.execution(name)
            raise errors.completed(name)
        run.cancel()
        return await self._record(name, "cancel", execution=name)

    async def drop_execution(self, execution: Any) -> Operation:
        """Deletes an execution; processes at work are killed."""
        if run := self.runs.get(execution.name):
            await self._break_off([run])
        self.gear.tables.drop_execution(execution.name)
        return await self._record(execution.name, "Execution", result=execution.SerializeToString())

    async def until_ended(self, execution: str, timeout_s: float) -> None:
        """Returns once an execution has completed, or `timeout_s` real seconds have passed."""
        if run := self.runs.get(execution):
            await asyncio.wait((run.ended,), timeout=timeout_s)

    async def reset(self) -> None:
        """Kills all processes and forgets everything."""
        while self.runs:
            await self._break_off(self.runs.values())
        self.jobs.clear()
        self.gear.tables.clear()
        await self.gear.tables.commit()

    async def stop(self) -> None:
        """Ends the processes (SIGTERM first); their executions go on with the next start."""
        await self._break_off(self.runs.values(), STOP_GRACE_S)
        await self.gear.tables.close()

    async def until_idle(self) -> None:
        """Returns once no execution is at work."""
        await self.gear.in_flight.until_idle()

    def facts(self) -> dict[str, Any]:
        """The jobs with their latest executions, for /_emulator/state."""
        tables, before = self.gear.tables, 2**62
        return {
            "jobs": {
                name: [
                    execution_facts(execution, tables.tasks(execution.name))
                    for _, execution in tables.executions(name, before, SHOWN_EXECUTIONS)
                ]
                for name in self.jobs
            },
            "logs": str(self.gear.logs.folder),
        }

    def _resume(self) -> None:
        unfinished = self.gear.tables.unfinished()
        end_leftovers({names.short(execution.name) for execution in unfinished})
        for execution in unfinished:
            self._start(Run(execution, self.gear.tables.tasks(execution.name), self.gear))

    def _start(self, run: Run) -> None:
        self.runs[run.execution.name] = run
        run.ended.add_done_callback(lambda _: self._ended(run))
        run.start()

    def _ended(self, run: Run) -> None:
        execution = run.execution
        del self.runs[execution.name]
        job = self.jobs.get(_job_of(run))
        if job is None or job.latest_created_execution.name != execution.name:
            return
        if records.has_completed(execution):
            self._refer(job, execution, completion_status(execution))
            self.gear.tables.commit_soon()

    def _refer(self, job: Any, execution: Any, status: int) -> None:
        reference = job.latest_created_execution
        if reference.name != execution.name:
            job.execution_count += 1
        reference.name = execution.name
        reference.create_time.CopyFrom(execution.create_time)
        reference.completion_time.CopyFrom(execution.completion_time)
        if not execution.HasField("completion_time"):
            reference.ClearField("completion_time")
        reference.completion_status = status
        self.gear.tables.put_job(job)

    async def _break_off(self, runs: Iterable[Run], grace_s: float = 0.0) -> None:
        await asyncio.gather(*(run.break_off(grace_s) for run in tuple(runs)))

    async def _record(
        self, resource: str, kind: str, execution: str | None = None, result: bytes | None = None
    ) -> Operation:
        operation = Operation(names.new_operation(resource), kind, execution, result)
        self.gear.tables.add_operation(operation)
        await self.gear.tables.commit()
        return operation


def _job_of(run: Run) -> str:
    job, _, _ = run.execution.name.partition("/executions/")
    return str(job)
