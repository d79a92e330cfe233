"""Owns one execution at work: starts its tasks, tries failed ones again, ends with the last."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from emulators.jobs import names, records
from emulators.jobs.attempt import Attempt
from emulators.jobs.log_folder import LogFolder
from emulators.jobs.records import Ended
from emulators.jobs.tables import Tables, TaskRow
from emulators.skeleton.clock import Clock
from emulators.skeleton.in_flight import InFlight

TASK_FAILED = "Task {task} failed with message: {message}"
CANCELLED = "Execution was cancelled."

log = logging.getLogger("emulators")


@dataclass(frozen=True, slots=True)
class Gear:
    """What all executions of the emulator share.

    At most `at_once` processes run at a time, each in one of the `slots`; one that is told to end
    gets `grace_s` seconds. The first retry of a task follows after `retry_s`, each next one after
    twice as long.
    """

    clock: Clock
    tables: Tables
    logs: LogFolder
    in_flight: InFlight
    slots: asyncio.Semaphore
    at_once: int
    grace_s: float
    retry_s: float


@dataclass(slots=True)
class Run:
    """An execution from its start, or the emulator's, to its completion.

    `ended` is done then, or once it was broken off; what was broken off goes on with the next Run.
    """

    execution: Any
    rows: list[TaskRow]
    gear: Gear
    ended: asyncio.Future[None] = field(init=False)
    _cancelled: asyncio.Future[None] = field(init=False)
    _waiting: deque[TaskRow] = field(init=False)
    _attempts: set[Attempt] = field(default_factory=set)
    _first_failure: str = ""
    _work: "asyncio.Task[None] | None" = None

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.ended, self._cancelled = loop.create_future(), loop.create_future()
        if records.is_cancelling(self.execution):
            self._cancelled.set_result(None)
        self._waiting = deque(row for row in self.rows if not records.has_completed(row.task))
        self.execution.running_count = 0

    def start(self) -> None:
        """Starts, or goes on after a restart."""
        self.gear.in_flight.add()
        self._work = asyncio.create_task(self._to_the_end())
        self._work.add_done_callback(self._done)

    def cancel(self) -> None:
        """Asks the processes to end, and starts no more."""
        if self._cancelled.done():
            return
        self._cancelled.set_result(None)
        now = self.gear.clock.now()
        message, reason = "Execution is being cancelled.", records.CANCELLING
        records.conclude(
            self.execution, records.COMPLETED, records.RECONCILING, now, message, reason
        )
        self._keep()
        for attempt in self._attempts:
            attempt.end()

    async def break_off(self, grace_s: float) -> None:
        """Ends the processes and leaves the execution unfinished."""
        if self._work is None:
            return
        for attempt in self._attempts:
            attempt.grace_s = grace_s
        self._work.cancel()
        await asyncio.wait((self._work,))

    def _done(self, work: "asyncio.Task[None]") -> None:
        self.gear.in_flight.remove()
        self.ended.set_result(None)
        if not work.cancelled() and (error := work.exception()):
            log.error("The execution %s broke.", self.execution.name, exc_info=error)

    async def _to_the_end(self) -> None:
        limit = min(self.execution.parallelism or self.gear.at_once, self.gear.at_once)
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(limit, len(self._waiting))):
                workers.create_task(self._take_tasks())
        self._complete()
        await self.gear.tables.commit()

    async def _take_tasks(self) -> None:
        while self._waiting:
            row = self._waiting.popleft()
            while not records.has_completed(row.task):
                if not await self._slot():
                    self._drop(row)
                    break
                try:
                    await self._try(row)
                finally:
                    self.gear.slots.release()
                if not records.has_completed(row.task):
                    await self._pause(self.gear.retry_s * 2 ** (row.task.retried - 1))

    async def _slot(self) -> bool:
        """Waits for leave to run a process; False when the execution is cancelled before."""
        slot = asyncio.ensure_future(self.gear.slots.acquire())
        leave = False
        try:
            await asyncio.wait((slot, self._cancelled), return_when=asyncio.FIRST_COMPLETED)
            leave = not self._cancelled.done()
        finally:
            if not slot.done():
                slot.cancel()
            elif not leave:
                self.gear.slots.release()
        return leave

    async def _pause(self, seconds: float) -> None:
        """Lets what made a task fail pass, real time as a container takes to start again."""
        await asyncio.wait((self._cancelled,), timeout=seconds)

    async def _try(self, row: TaskRow) -> None:
        gear, number = self.gear, row.attempts
        attempt = Attempt(self.execution, row.task, number, gear.logs, gear.grace_s)
        now = gear.clock.now()
        row.attempts += 1
        records.begin(self.execution, now)
        records.begin(row.task, now)
        self.execution.running_count += 1
        self._keep(row)
        self._attempts.add(attempt)
        try:
            await self.gear.tables.commit()
            ended = await attempt.run()
        finally:
            self._attempts.discard(attempt)
            self.execution.running_count -= 1
        self._judge(row, ended)
        self._keep(row)

    def _judge(self, row: TaskRow, ended: Ended) -> None:
        """Decides what the end of an attempt means for its task."""
        task, now = row.task, self.gear.clock.now()
        records.attempted(task, ended)
        if ended.code == 0:
            self.execution.succeeded_count += 1
            records.complete(task, records.SUCCEEDED, now)
        elif self._cancelled.done():
            self._drop(row)
        elif task.retried < task.max_retries:
            task.retried += 1
            self.execution.retried_count += 1
        else:
            self.execution.failed_count += 1
            reason = records.NON_ZERO_EXIT_CODE
            records.complete(task, records.FAILED, now, ended.message, reason)
            self._first_failure = self._first_failure or _failure(task)

    def _drop(self, row: TaskRow) -> None:
        now, reason = self.gear.clock.now(), records.CANCELLED
        self.execution.cancelled_count += 1
        records.complete(row.task, records.FAILED, now, CANCELLED, reason)
        self._keep(row)

    def _complete(self) -> None:
        execution, now = self.execution, self.gear.clock.now()
        if execution.succeeded_count == execution.task_count:
            records.complete(execution, records.SUCCEEDED, now)
        elif self._cancelled.done():
            records.complete(execution, records.FAILED, now, CANCELLED, records.CANCELLED)
        else:
            failed = next(row.task for row in self.rows if _has_failed(row.task))
            text, reason = self._first_failure or _failure(failed), records.NON_ZERO_EXIT_CODE
            records.complete(execution, records.FAILED, now, text, reason)
        self._keep()

    def _keep(self, *rows: TaskRow) -> None:
        ended = records.has_completed(self.execution)
        self.gear.tables.put_execution(self.execution, ended=ended)
        self.gear.tables.put_tasks(self.execution.name, list(rows))
        self.gear.tables.commit_soon()


def _has_failed(task: Any) -> bool:
    found = records.condition(task, records.COMPLETED)
    return found is not None and found.state == records.FAILED


def _failure(task: Any) -> str:
    message = task.last_attempt_result.status.message
    return TASK_FAILED.format(task=names.short(task.name), message=message)
