"""Owns all queues of the emulator: finds them and their tasks, makes them and lets them go."""

from typing import Any

from emulators.skeleton.times import set_time
from emulators.tasks import errors, names
from emulators.tasks.entry import Entry
from emulators.tasks.line import Gear, Line


class Engine:
    """The queues by full name, kept in step with the tables."""

    def __init__(self, gear: Gear) -> None:
        self.gear = gear
        tables = gear.tables
        self.lines = {
            queue.name: Line(queue, gear, tables.entries(queue.name)) for queue in tables.queues()
        }
        self._end_watch = gear.clock.on_move(self._clock_moved)

    def line(self, name: str) -> Line:
        """The queue named `name`. Raises NOT_FOUND."""
        names.check_queue(name)
        if name not in self.lines:
            raise errors.queue_missing()
        return self.lines[name]

    def task(self, name: str) -> tuple[Line, Entry]:
        """The task named `name` with its queue. Raises NOT_FOUND, told apart by its past."""
        queue, task_id = names.split_task(name)
        line = self.line(queue)
        if entry := line.entries.get(task_id):
            return line, entry
        if self.gear.tables.was_task(name, self.gear.clock.now()):
            raise errors.task_gone()
        raise errors.entity_missing()

    async def open_queue(self, queue: Any) -> None:
        """Starts a new queue. Raises FAILED_PRECONDITION while its name rests."""
        if self.gear.tables.was_queue(queue.name, self.gear.clock.now()):
            raise errors.queue_existed()
        self.lines[queue.name] = Line(queue, self.gear)
        await self._keep(queue)

    async def change_queue(self, line: Line, queue: Any) -> None:
        """Gives a queue another configuration or state."""
        line.reconfigure(queue)
        await self._keep(queue)

    async def drop_queue(self, line: Line) -> None:
        """Deletes a queue with its tasks."""
        name = line.queue.name
        del self.lines[name]
        line.clear()
        self.gear.tables.drop_queue(name, self.gear.clock.now())
        await self.gear.tables.commit()

    async def purge_queue(self, line: Line) -> Any:
        """Deletes all tasks of a queue and returns the queue with its purge time."""
        now = self.gear.clock.now()
        line.clear()
        self.gear.tables.retire_tasks(line.queue.name, now)
        queue = type(line.queue)()
        queue.CopyFrom(line.queue)
        set_time(queue.purge_time, now)
        await self.change_queue(line, queue)
        return queue

    async def add_task(self, line: Line, task: Any) -> None:
        """Takes in a new task and lets it run once it is durable. Raises ALREADY_EXISTS."""
        tables = self.gear.tables
        entry = Entry(task)
        if entry.id in line.entries or tables.was_task(task.name, self.gear.clock.now()):
            raise errors.task_exists()
        line.add(entry)
        tables.put_task(line.queue.name, entry)
        await tables.commit()
        line.schedule(entry)

    async def reset(self) -> None:
        """Forgets everything, names that are taken too."""
        for line in self.lines.values():
            await line.stop()
        self.lines.clear()
        self.gear.tables.clear()
        await self.gear.tables.commit()

    async def stop(self) -> None:
        """Stops all queues and closes what they use."""
        self._end_watch()
        for line in self.lines.values():
            await line.stop()
        await self.gear.dispatcher.close()
        await self.gear.tables.close()

    async def until_idle(self) -> None:
        """Returns once nothing due waits and nothing runs; what is due later does not count."""
        await self.gear.in_flight.until_idle()

    def facts(self) -> dict[str, Any]:
        """How the queues stand, for /_emulator/state."""
        return {"queues": {name: line.facts() for name, line in self.lines.items()}}

    def _clock_moved(self) -> None:
        for line in self.lines.values():
            line.pump()

    async def _keep(self, queue: Any) -> None:
        self.gear.tables.put_queue(queue)
        await self.gear.tables.commit()
