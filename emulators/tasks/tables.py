"""Owns what outlives the process: queues, tasks with their progress, names not yet free."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emulators.skeleton.store import Store
from emulators.tasks.entry import Entry
from emulators.tasks.wire import Queue, Task

NAME_KEPT_S = 24 * 3600.0
QUEUE_NAME_KEPT_S = 3 * 86400.0
_PROGRESS = (
    "schedule_time",
    "dispatch_count",
    "response_count",
    "first_attempt",
    "last_attempt",
)
_CLEAR = (
    "DELETE FROM queues",
    "DELETE FROM deleted_queues",
    "DELETE FROM tasks",
    "DELETE FROM used_names",
)
_SCHEMA = Path(__file__).with_name("schema.sql")


class Tables:
    """The emulator's SQLite file. Writes are durable once `commit` has returned."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path, _SCHEMA.read_text())
        self.commit = self._store.commit
        self.close = self._store.close

    def queues(self) -> list[Any]:
        """All queues."""
        rows = self._store.rows("SELECT queue FROM queues ORDER BY name")
        return [Queue.FromString(blob) for (blob,) in rows]

    def put_queue(self, queue: Any) -> None:
        """Keeps a new queue or a changed one."""
        self._store.execute(
            "INSERT OR REPLACE INTO queues VALUES (?, ?)",
            (queue.name, queue.SerializeToString()),
        )

    def drop_queue(self, name: str, now: float) -> None:
        """Forgets a queue and its tasks; its name stays taken for three days."""
        self._store.execute("DELETE FROM queues WHERE name = ?", (name,))
        self._store.execute("DELETE FROM tasks WHERE queue = ?", (name,))
        self._store.execute("DELETE FROM deleted_queues WHERE until <= ?", (now,))
        self._store.execute(
            "INSERT OR REPLACE INTO deleted_queues VALUES (?, ?)",
            (name, now + QUEUE_NAME_KEPT_S),
        )

    def was_queue(self, name: str, now: float) -> bool:
        """Whether a queue of that name was deleted within the last three days."""
        found = "SELECT 1 FROM deleted_queues WHERE name = ? AND until > ?"
        return bool(self._store.rows(found, (name, now)))

    def entries(self, queue: str) -> Iterator[Entry]:
        """The queue's tasks as they stood at the latest finished attempt, oldest first."""
        rows = self._store.rows(
            "SELECT task, progress, execution_count, previous_status FROM tasks "
            "WHERE queue = ? ORDER BY rowid",
            (queue,),
        )
        for blob, progress, execution_count, previous_status in rows:
            task = Task.FromString(blob)
            for name in _PROGRESS:  # else merging would mix the parts of two timestamps
                task.ClearField(name)
            task.MergeFromString(progress)
            yield Entry(task, execution_count, previous_status)

    def put_task(self, queue: str, entry: Entry) -> None:
        """Keeps a new task."""
        self._store.execute(
            "INSERT INTO tasks VALUES (?, ?, ?, ?, 0, NULL)",
            (
                entry.task.name,
                queue,
                entry.task.SerializeToString(),
                _progress(entry.task),
            ),
        )

    def put_progress(self, entry: Entry) -> None:
        """Keeps what an attempt changed."""
        self._store.execute(
            "UPDATE tasks SET progress = ?, execution_count = ?, previous_status = ? "
            "WHERE name = ?",
            (
                _progress(entry.task),
                entry.executions,
                entry.previous_status,
                entry.task.name,
            ),
        )

    def retire_task(self, name: str, now: float) -> None:
        """Forgets a task; its name stays taken for a day."""
        self._store.execute("DELETE FROM tasks WHERE name = ?", (name,))
        self._forget_names(now)
        self._store.execute(
            "INSERT OR REPLACE INTO used_names VALUES (?, ?)", (name, now + NAME_KEPT_S)
        )

    def retire_tasks(self, queue: str, now: float) -> None:
        """Forgets all tasks of a queue; their names stay taken for a day."""
        self._forget_names(now)
        self._store.execute(
            "INSERT OR REPLACE INTO used_names SELECT name, ? FROM tasks WHERE queue = ?",
            (now + NAME_KEPT_S, queue),
        )
        self._store.execute("DELETE FROM tasks WHERE queue = ?", (queue,))

    def was_task(self, name: str, now: float) -> bool:
        """Whether a task of that name ran or was deleted within the last day."""
        found = "SELECT 1 FROM used_names WHERE name = ? AND until > ?"
        return bool(self._store.rows(found, (name, now)))

    def clear(self) -> None:
        """Forgets everything."""
        for delete in _CLEAR:
            self._store.execute(delete)

    def _forget_names(self, now: float) -> None:
        self._store.execute("DELETE FROM used_names WHERE until <= ?", (now,))


def _progress(task: Any) -> bytes:
    progress = Task()
    for name in _PROGRESS:
        if name in ("dispatch_count", "response_count"):
            setattr(progress, name, getattr(task, name))
        elif task.HasField(name):
            getattr(progress, name).CopyFrom(getattr(task, name))
    blob: bytes = progress.SerializeToString()
    return blob
