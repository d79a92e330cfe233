"""The whole stack in this process: engines under it, functions behind it, gateway before it."""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from workflows.local.engines import Engines
from workflows.local.front import Front
from workflows.local.provisioner import Provisioner
from workflows.processes.ports import PortTaken, free_port, listening_socket
from workflows.runner.addresses import Addresses, job_environment
from workflows.runner.data_folder import DataFolder
from workflows.runner.functions import Functions
from workflows.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Site:
    """What to run and where: `root` holds workflows/*.toml and functions/; port 0 is any.

    Functions reach an engine that `through` names at the host:port given there, say of a proxy.
    """

    folder: DataFolder
    root: Path
    port: int
    options: tuple[str, ...] = ()
    through: Mapping[str, str] = field(default_factory=dict)

    @property
    def manifest(self) -> Path:
        """The folder of the manifest's files."""
        return self.root / "workflows"


class LocalStack:
    """Everything that `python -m workflows up` starts; `say` hears what happens, line by line."""

    def __init__(self, site: Site, wiring: Wiring, say: Callable[[str], None]) -> None:
        self._site = site
        self._wiring = wiring
        self._say = say
        self._engines = Engines(site.folder, site.options, say)
        self._functions = Functions(wiring, site.folder, site.root, say)
        self._front: Front | None = None

    async def start(self) -> Addresses:
        """Starts all but the functions and returns where it listens.

        Raises PortTaken, EngineFailed, NoUserFound, MigrationError, ProvisioningFailed; what had
        started then has stopped.
        """
        public = _public_socket(self._site.port)
        internal = _internal_socket(self._site.folder.ingress)
        try:
            return await self._start(public, internal)
        except BaseException:
            public.close()
            internal.close()
            await self._engines.stop()
            raise

    async def stop(self) -> None:
        """Stops what `start` started: calls in progress first, the databases last."""
        if self._front:
            await self._front.close()
        await self._engines.stop()

    async def _start(self, public: socket.socket, internal: socket.socket) -> Addresses:
        provisioner = Provisioner(self._site.manifest, self._site.root)
        try:
            await self._engines.start()
            addresses = Addresses(
                root=str(self._site.root),
                gateway=_url(public),
                ingress=_url(internal),
                emulators=self._engines.emulators,
                clock_file=str(self._site.folder.clock),
                **self._engines.urls,
            )
            seen = addresses.through(self._site.through)
            secrets = self._site.folder.secrets()
            await provisioner.provision(addresses, job_environment(seen, secrets, self._site.root))
        finally:
            await provisioner.end()
        self._functions.open(seen)
        self._front = Front(self._wiring, self._functions, addresses)
        await self._front.open(public, internal, secrets.control, lambda: self._status(addresses))
        return addresses

    def _status(self, addresses: Addresses) -> dict[str, Any]:
        return {
            "running": True,
            "pid": os.getpid(),
            "data": str(self._site.folder.path),
            **asdict(addresses),
            "engines": self._engines.states(),
            "functions": dict(self._functions.states()),
        }


def _public_socket(port: int) -> socket.socket:
    try:
        return listening_socket(port)
    except PortTaken:
        raise PortTaken(
            f"Port {port} is taken by another program; choose another with --port N."
        ) from None


def _internal_socket(kept: Path) -> socket.socket:
    """On the port it had before, if that is free: undelivered tasks and pushes name it."""
    try:
        bound = listening_socket(int(kept.read_text()))
    except (FileNotFoundError, ValueError, PortTaken):
        bound = listening_socket(free_port())
        kept.write_text(str(bound.getsockname()[1]))
    return bound


def _url(bound: socket.socket) -> str:
    return f"http://127.0.0.1:{bound.getsockname()[1]}"
