"""Owns one job at work: starts an execution at each tick and repeats failed attempts."""

import asyncio
import math
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from emulators.scheduler.cron import Cron
from emulators.scheduler.execution import call_of, retry_at
from emulators.scheduler.tables import Tables
from emulators.scheduler.wire import ENABLED
from emulators.skeleton.alarm import Alarm
from emulators.skeleton.clock import Clock
from emulators.skeleton.dispatch import Dispatcher, Outcome
from emulators.skeleton.identity import Identity
from emulators.skeleton.in_flight import InFlight
from emulators.skeleton.rpc_status import rpc_code
from emulators.skeleton.times import set_time

# An hour of minutes, two months of nights. Moving the clock on by a day would else call a job of
# every minute 1,440 times; a nightly job still gets all of its nights.
MOST_MISSED = 60


@dataclass(frozen=True, slots=True)
class Gear:
    """What all runners of the emulator share."""

    clock: Clock
    identity: Identity
    dispatcher: Dispatcher
    tables: Tables
    in_flight: InFlight


class Runner:
    """A job with its next tick. Ticks that passed while no process ran are not made up for."""

    def __init__(self, job: Any, gear: Gear) -> None:
        self.job = job
        self._gear = gear
        self._alarm = Alarm(gear.clock, self.pump)
        self._executions: set[asyncio.Task[None]] = set()
        self._at_work = False
        self._closed = False
        self._due: deque[float] = deque()
        self._next_tick = math.inf
        self._counts = {"succeeded": 0, "failed": 0}
        self.set(job)

    def set(self, job: Any) -> None:
        """Goes on with another configuration or state; the next tick is the first from now on."""
        self.job = job
        self._cron = Cron(job.schedule, job.time_zone)
        self._due.clear()
        self._next_tick = math.inf
        if job.state == ENABLED:
            self._next_tick = self._cron.next_after(self._gear.clock.now())
        self._show_schedule(self._next_tick)
        self.pump()

    def pump(self) -> None:
        """Starts the executions that are due, or sets the alarm for the next one."""
        if self._at_work:
            return
        if self._next_tick <= self._gear.clock.now():
            self._at_work = True
            self._start(self._catch_up())
        else:
            self._alarm.set(None if math.isinf(self._next_tick) else self._next_tick)

    def clock_moved(self) -> None:
        """Takes the earlier tick after the clock was set back, and looks whether one is due."""
        if not math.isinf(self._next_tick):
            earliest = self._cron.next_after(self._gear.clock.now())
            if earliest < self._next_tick:
                self._next_tick = earliest
                self._show_schedule(earliest)
        self.pump()

    def run_now(self) -> None:
        """Starts an execution, also beside one that is running."""
        self._start(self._execute(self._gear.clock.now()))

    def close(self) -> None:
        """Lets the deleted job go: no more ticks, and no retry after an attempt under way."""
        self._closed = True
        self._due.clear()
        self._next_tick = math.inf
        self._alarm.set(None)

    async def stop(self) -> None:
        """Breaks off everything under way."""
        self._alarm.set(None)
        for execution in self._executions:
            execution.cancel()
        await asyncio.gather(*self._executions, return_exceptions=True)

    def facts(self) -> dict[str, Any]:
        """How the job stands, for /_emulator/state."""
        return {
            "state": "ENABLED" if self.job.state == ENABLED else "PAUSED",
            "next_tick": None if math.isinf(self._next_tick) else self._next_tick,
            "in_flight": len(self._executions),
            **self._counts,
        }

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._gear.in_flight.add()
        execution = asyncio.create_task(work)
        self._executions.add(execution)
        execution.add_done_callback(self._done)

    def _done(self, execution: asyncio.Task[None]) -> None:
        self._executions.discard(execution)
        self._gear.in_flight.remove()

    async def _catch_up(self) -> None:
        try:
            while (tick := self._take_tick()) is not None:
                await self._execute(tick)
        finally:
            self._at_work = False
        self.pump()

    def _take_tick(self) -> float | None:
        now = self._gear.clock.now()
        if not self._due and self._next_tick <= now:
            self._due.extend(self._cron.missed(self._next_tick, now, MOST_MISSED))
            self._next_tick = self._cron.next_after(self._due[-1])
        return self._due.popleft() if self._due else None

    async def _execute(self, tick: float) -> None:
        job = self.job
        first_at, attempts = self._gear.clock.now(), 0
        while True:
            attempts += 1
            outcome = await self._attempt(job, tick)
            if self._closed or self.job is not job:
                return  # deleted, or changed, which makes another job of it
            again_at = None
            if not outcome.ok:
                again_at = retry_at(
                    job.retry_config,
                    attempts=attempts,
                    first_at=first_at,
                    failed_at=self._gear.clock.now(),
                    next_tick=self._due[0] if self._due else self._next_tick,
                )
            self._show_schedule(again_at or self._next_tick)
            self._gear.tables.put_job(job)
            await self._gear.tables.commit()
            if again_at is None:
                return
            await self._wait(again_at)
            if self._closed or self.job is not job:
                return

    async def _attempt(self, job: Any, tick: float) -> Outcome:
        gear = self._gear
        set_time(job.last_attempt_time, gear.clock.now())
        outcome = await gear.dispatcher.send(call_of(job, self._cron, tick, gear.identity))
        job.status.code, _ = rpc_code(outcome.status)
        self._counts["succeeded" if outcome.ok else "failed"] += 1
        return outcome

    async def _wait(self, again_at: float) -> None:
        self._gear.in_flight.remove()  # what is due later keeps nobody waiting
        try:
            await self._gear.clock.wait_until(again_at)
        finally:
            self._gear.in_flight.add()

    def _show_schedule(self, at: float) -> None:
        if math.isinf(at):
            self.job.ClearField("schedule_time")
        else:
            set_time(self.job.schedule_time, at)
