"""Owns what outlives the process: jobs, executions with their tasks, and operations."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulators.jobs.wire import Execution, Job, Task
from emulators.skeleton.store import Store

MOST_EXECUTIONS = 1000  # of one job, as the service keeps
MOST_OPERATIONS = 10_000

_SCHEMA = Path(__file__).with_name("schema.sql")


@dataclass(slots=True)
class TaskRow:
    """A task with the number of attempts begun."""

    task: Any
    attempts: int


@dataclass(frozen=True, slots=True)
class Operation:
    """A long-running operation: "run" and "cancel" end with an execution, the others have."""

    name: str
    kind: str
    execution: str | None = None
    result: bytes | None = None


class Tables:
    """The emulator's SQLite file. Writes are durable once `commit` has returned."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path, _SCHEMA.read_text())
        self.commit = self._store.commit
        self.commit_soon = self._store.commit_soon
        self.close = self._store.close

    def jobs(self) -> list[Any]:
        """All jobs, by name."""
        return [Job.FromString(blob) for (blob,) in self._rows("SELECT job FROM jobs")]

    def put_job(self, job: Any) -> None:
        """Keeps a new job or a changed one."""
        values = (job.name, job.SerializeToString())
        self._store.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?)", values)

    def drop_job(self, name: str) -> None:
        """Forgets a job and its executions."""
        for (execution,) in self._rows("SELECT name FROM executions WHERE job = ?", name):
            self.drop_execution(execution)
        self._store.execute("DELETE FROM jobs WHERE name = ?", (name,))

    def add_execution(self, execution: Any, job: str, tasks: list[TaskRow]) -> None:
        """Keeps a new execution of a job; of more than it may have, the oldest ended ones go."""
        values = (execution.name, job, execution.SerializeToString())
        self._store.execute(
            "INSERT INTO executions (name, job, ended, execution) VALUES (?, ?, 0, ?)", values
        )
        self.put_tasks(execution.name, tasks)
        old = self._rows(
            "SELECT name, ended FROM executions WHERE job = ? ORDER BY number DESC "
            "LIMIT -1 OFFSET ?",
            job,
            MOST_EXECUTIONS,
        )
        for name, ended in old:
            if ended:
                self.drop_execution(name)

    def put_execution(self, execution: Any, *, ended: bool) -> None:
        """Keeps a changed execution."""
        self._store.execute(
            "UPDATE executions SET execution = ?, ended = ? WHERE name = ?",
            (execution.SerializeToString(), ended, execution.name),
        )

    def put_tasks(self, execution: str, tasks: list[TaskRow]) -> None:
        """Keeps new tasks or changed ones."""
        rows = (
            (execution, row.task.index, row.attempts, row.task.SerializeToString()) for row in tasks
        )
        self._store.executemany("INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?)", rows)

    def drop_execution(self, name: str) -> None:
        """Forgets an execution, its tasks and the operations on it."""
        self._store.execute("DELETE FROM executions WHERE name = ?", (name,))
        self._store.execute("DELETE FROM tasks WHERE execution = ?", (name,))
        self._store.execute("DELETE FROM operations WHERE execution = ?", (name,))

    def execution(self, name: str) -> Any | None:
        """The execution of that name."""
        found = self._rows("SELECT execution FROM executions WHERE name = ?", name)
        return Execution.FromString(found[0][0]) if found else None

    def executions(self, job: str, before: int, most: int) -> list[tuple[int, Any]]:
        """Executions with their numbers, latest first; a job that ends in /- means all jobs."""
        chosen = "job = ?" if not job.endswith("/-") else "job > ? AND job < ? || '~'"
        names = (job,) if not job.endswith("/-") else (job[:-1], job[:-1])
        sql = f"SELECT number, execution FROM executions WHERE {chosen} AND number < ? "  # noqa: S608  # fixed texts
        rows = self._rows(sql + "ORDER BY number DESC LIMIT ?", *names, before, most)
        return [(number, Execution.FromString(blob)) for number, blob in rows]

    def unfinished(self) -> list[Any]:
        """The executions that have not completed, oldest first."""
        rows = self._rows("SELECT execution FROM executions WHERE NOT ended ORDER BY number")
        return [Execution.FromString(blob) for (blob,) in rows]

    def tasks(self, execution: str, first: int = 0, most: int = -1) -> list[TaskRow]:
        """The tasks of an execution in order, from index `first` on."""
        rows = self._rows(
            "SELECT task, attempts FROM tasks WHERE execution = ? AND number >= ? "
            "ORDER BY number LIMIT ?",
            execution,
            first,
            most,
        )
        return [TaskRow(Task.FromString(blob), attempts) for blob, attempts in rows]

    def add_operation(self, operation: Operation) -> None:
        """Keeps an operation; the oldest of very many go."""
        values = (operation.name, operation.kind, operation.execution, operation.result)
        added = self._store.execute(
            "INSERT INTO operations (name, kind, execution, result) VALUES (?, ?, ?, ?)", values
        )
        oldest = (added.lastrowid or 0) - MOST_OPERATIONS
        self._store.execute("DELETE FROM operations WHERE number <= ?", (oldest,))

    def operation(self, name: str) -> Operation | None:
        """The operation of that name."""
        found = self._rows(
            "SELECT name, kind, execution, result FROM operations WHERE name = ?", name
        )
        return Operation(*found[0]) if found else None

    def clear(self) -> None:
        """Forgets everything."""
        for table in ("jobs", "executions", "tasks", "operations"):
            self._store.execute(f"DELETE FROM {table}")  # noqa: S608  # fixed names

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        return self._store.rows(sql, values)
