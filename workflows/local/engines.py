"""The four engine processes of a stack, started side by side and stopped in two steps."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from migrations.runner import MigrationError, migrate
from workflows.engines.emulators import Addresses, Emulators, Qdrant
from workflows.engines.postgres import Postgres
from workflows.engines.supervisor import Supervisor
from workflows.engines.valkey import Valkey
from workflows.errors import StackError
from workflows.runner.data_folder import DataFolder


class DatabaseRefused(StackError):
    """The database cannot be brought to the form that this checkout needs."""


class Engines:
    """Postgres, Valkey, the Qdrant engine and the cloud emulators of one data folder."""

    def __init__(
        self, folder: DataFolder, options: Sequence[str], say: Callable[[str], None]
    ) -> None:
        secrets, logs, data = folder.secrets(), folder.logs, folder.path
        self._postgres = Postgres(data / "postgres", logs / "postgres.log", secrets.postgres)
        self._valkey = Valkey(data / "redis", logs / "redis.log", secrets.redis)
        self._qdrant = Qdrant(data / "qdrant", logs / "qdrant.log", folder.clock)
        self._emulators = Emulators(
            data / "emulators", logs / "emulators.log", folder.clock, options
        )
        self._stores = [Supervisor(engine, say) for engine in (self._postgres, self._valkey)]
        self._clouds = [Supervisor(engine, say) for engine in (self._qdrant, self._emulators)]
        self._say = say

    async def start(self) -> None:
        """Starts all at once and migrates the database; raises EngineFailed, DatabaseRefused."""
        try:
            async with asyncio.TaskGroup() as starting:
                starting.create_task(self._start_database(self._stores[0]))
                for supervisor in (*self._stores[1:], *self._clouds):
                    starting.create_task(supervisor.start())
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def stop(self) -> None:
        """Stops what calls and is called first, the stores after it."""
        for group in (self._clouds, self._stores):
            await asyncio.gather(*(supervisor.stop() for supervisor in group))

    @property
    def urls(self) -> dict[str, str]:
        """database_url, redis_url and qdrant_url."""
        return {
            "database_url": self._postgres.url,
            "redis_url": self._valkey.url,
            "qdrant_url": self._qdrant.url,
        }

    @property
    def emulators(self) -> Addresses:
        """Every emulator's faces, by name."""
        return {**self._qdrant.addresses, **self._emulators.addresses}

    def states(self) -> dict[str, dict[str, Any]]:
        """{name: {state, pid}} of every engine process."""
        return {
            supervisor.engine.name: {"state": supervisor.state, "pid": supervisor.pid}
            for supervisor in (*self._stores, *self._clouds)
        }

    async def _start_database(self, supervisor: Supervisor) -> None:
        await supervisor.start()
        try:
            for name in await migrate(self._postgres.url):
                self._say(f"postgres: applied {name}")
        except MigrationError as error:
            raise DatabaseRefused(str(error)) from error
