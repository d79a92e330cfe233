"""Owns one queue at work: starts its tasks when time, rate and concurrency allow it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from emulators.skeleton.alarm import Alarm
from emulators.skeleton.clock import Clock
from emulators.skeleton.dispatch import Dispatcher, HttpCall, Outcome
from emulators.skeleton.faults import Faults
from emulators.skeleton.identity import Identity
from emulators.skeleton.in_flight import InFlight
from emulators.skeleton.times import set_time, time_of
from emulators.tasks.entry import Entry
from emulators.tasks.pace import Pace
from emulators.tasks.queue_rules import is_paused
from emulators.tasks.retry import RETENTION_S, policy_of, retry_at
from emulators.tasks.tables import Tables
from emulators.tasks.timetable import Timetable

DUPLICATE_NEXT = "duplicate_next"


@dataclass(frozen=True, slots=True)
class Gear:
    """What all lines of the emulator share."""

    clock: Clock
    identity: Identity
    dispatcher: Dispatcher
    tables: Tables
    faults: Faults
    in_flight: InFlight


class Line:
    """A queue with its waiting tasks. Nothing here polls: every change calls `pump`."""

    def __init__(self, queue: Any, gear: Gear, entries: Iterable[Entry] = ()) -> None:
        self.queue = queue
        self.entries: dict[str, Entry] = {}
        self._gear = gear
        self._timetable = Timetable()
        self._pace = Pace(queue.rate_limits, gear.clock.now())
        self._alarm = Alarm(gear.clock, self.pump)
        self._attempts: set[asyncio.Task[None]] = set()
        self._counted = 0
        self._counts = {"dispatched": 0, "succeeded": 0, "failed": 0, "given_up": 0}
        for entry in entries:
            self.entries[entry.id] = entry
            self._timetable.put(entry.id, entry.due_at)
        self.pump()

    def add(self, entry: Entry) -> None:
        """Takes in a new task, so that its name is taken; `schedule` lets it run."""
        self.entries[entry.id] = entry

    def schedule(self, entry: Entry) -> None:
        """Lets the task run from its schedule time on."""
        if not entry.gone:
            self._timetable.put(entry.id, entry.due_at)
            self.pump()

    def run_now(self, entry: Entry) -> None:
        """Starts an attempt whatever rate, concurrency, pause and schedule say."""
        self._timetable.drop(entry.id)
        self._start(entry, forced_at=self._gear.clock.now())
        self.pump()

    def remove(self, entry: Entry) -> None:
        """Ends the task: it runs no more and its name stays taken."""
        self._retire(entry)
        self.pump()

    def clear(self) -> None:
        """Lets go of all tasks; what runs goes on, and its outcome counts for nothing."""
        for entry in self.entries.values():
            entry.gone = True
        self.entries.clear()
        self._timetable.clear()
        self.pump()

    def reconfigure(self, queue: Any) -> None:
        """Goes on with another configuration or state."""
        self.queue = queue
        self._pace.set(queue.rate_limits, self._gear.clock.now())
        self.pump()

    def pump(self) -> None:
        """Starts what may start now and sets the alarm for what may start next."""
        now = self._gear.clock.now()
        self._timetable.ripen(now)
        while self._timetable.due and self._may_start() and self._pace.take(now):
            entry = self.entries[self._timetable.pop()]
            if now - entry.created_at >= RETENTION_S:
                self._give_up(entry)
            else:
                self._start(entry)
        self._alarm.set(self._next_at(now))
        self._count_busy()

    async def stop(self) -> None:
        """Breaks off everything under way; a later start finds those tasks as before."""
        self._alarm.set(None)
        for attempt in self._attempts:
            attempt.cancel()
        await asyncio.gather(*self._attempts, return_exceptions=True)
        self._gear.in_flight.remove(self._counted)
        self._counted = 0

    def facts(self) -> dict[str, Any]:
        """How the queue stands, for /_emulator/state."""
        return {
            "state": "PAUSED" if is_paused(self.queue) else "RUNNING",
            "backlog": sum(not entry.running for entry in self.entries.values()),
            "due": len(self._timetable.due),
            "in_flight": len(self._attempts),
            **self._counts,
            "rate_share": self._pace.share,
        }

    def _may_start(self) -> bool:
        return not is_paused(self.queue) and self._pace.has_room(len(self._attempts))

    def _next_at(self, now: float) -> float | None:
        times = [self._timetable.next_at]
        if self._timetable.due and self._may_start():
            times.append(self._pace.next_at(now))
        return min((at for at in times if at is not None), default=None)

    def _start(self, entry: Entry, forced_at: float | None = None) -> None:
        self._counts["dispatched"] += 1
        entry.running += 1
        entry.begin(self._gear.clock.now() if forced_at is None else forced_at)
        call = entry.call(self.queue.name, self._gear.identity)
        self._attempts.add(asyncio.create_task(self._attempt(entry, call, forced_at)))

    async def _attempt(self, entry: Entry, call: HttpCall, forced_at: float | None) -> None:
        try:
            outcome = await self._gear.dispatcher.send(call)
            if self._gear.faults.take(DUPLICATE_NEXT):
                await self._gear.dispatcher.send(call)
        finally:
            entry.running -= 1
            current = asyncio.current_task()
            assert current is not None
            self._attempts.discard(current)
        self._settle(entry, outcome, forced_at)
        self.pump()
        await self._gear.tables.commit()

    def _settle(self, entry: Entry, outcome: Outcome, forced_at: float | None) -> None:
        now = self._gear.clock.now()
        self._counts["succeeded" if outcome.ok else "failed"] += 1
        self._pace.note(outcome, now)
        entry.finish(outcome, now)
        if entry.gone:
            return
        if outcome.ok:
            self._retire(entry)
            return
        again_at = retry_at(
            policy_of(self.queue, entry.task),
            attempts=entry.task.dispatch_count,
            first_at=time_of(entry.task.first_attempt.dispatch_time),
            failed_at=now if forced_at is None else forced_at,
            retry_after_s=outcome.retry_after_s or 0.0,
        )
        if again_at is None or again_at - entry.created_at >= RETENTION_S:
            self._give_up(entry)
            return
        set_time(entry.task.schedule_time, again_at)
        self._timetable.put(entry.id, again_at)
        self._gear.tables.put_progress(entry)

    def _give_up(self, entry: Entry) -> None:
        self._counts["given_up"] += 1
        self._retire(entry)

    def _retire(self, entry: Entry) -> None:
        entry.gone = True
        del self.entries[entry.id]
        self._timetable.drop(entry.id)
        self._gear.tables.retire_task(entry.task.name, self._gear.clock.now())

    def _count_busy(self) -> None:
        # A paused queue keeps its due tasks back for good: nobody should wait for them.
        waiting = 0 if is_paused(self.queue) else len(self._timetable.due)
        busy = len(self._attempts) + waiting
        self._gear.in_flight.add(max(0, busy - self._counted))
        self._gear.in_flight.remove(max(0, self._counted - busy))
        self._counted = busy
