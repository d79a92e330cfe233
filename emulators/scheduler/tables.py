"""Owns what outlives the process: the jobs as they stood at their latest attempt."""

from pathlib import Path
from typing import Any

from emulators.scheduler.wire import Job
from emulators.skeleton.store import Store

_SCHEMA = Path(__file__).with_name("schema.sql")


class Tables:
    """The emulator's SQLite file. Writes are durable once `commit` has returned."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path, _SCHEMA.read_text())
        self.commit = self._store.commit
        self.close = self._store.close

    def jobs(self) -> list[Any]:
        """All jobs."""
        rows = self._store.rows("SELECT job FROM jobs ORDER BY name")
        return [Job.FromString(blob) for (blob,) in rows]

    def put_job(self, job: Any) -> None:
        """Keeps a new job or a changed one."""
        self._store.execute(
            "INSERT OR REPLACE INTO jobs VALUES (?, ?)", (job.name, job.SerializeToString())
        )

    def drop_job(self, name: str) -> None:
        """Forgets a job."""
        self._store.execute("DELETE FROM jobs WHERE name = ?", (name,))

    def clear(self) -> None:
        """Forgets all jobs."""
        self._store.execute("DELETE FROM jobs")
