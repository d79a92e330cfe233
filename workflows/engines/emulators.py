"""The emulator processes: all cloud services in one, the Qdrant engine in its own."""

import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from workflows.engines.engine import answering
from workflows.manifest import ROOT
from workflows.processes.child import Child, spawn
from workflows.processes.environment import python

Addresses = dict[str, dict[str, str]]


class Emulators:
    """`python -m emulators`: picks its own ports at the first start and keeps them after."""

    name = "emulators"
    stop_signal = signal.SIGTERM
    stop_grace = 5.0

    def __init__(self, folder: Path, log: Path, clock: Path, options: Sequence[str]) -> None:
        self.addresses: Addresses = {}
        self._folder = folder
        self._log = log
        self._arguments = ["--clock", str(clock), *(f"--option={option}" for option in options)]

    async def launch(self) -> Child:
        """Starts them all; raises EngineFailed."""
        said = self._folder / "addresses.json"
        ports = [f"--port={name}={port}" for name, port in _ports(self.addresses).items()]
        arguments = ["emulators", "--addresses", str(said), *self._arguments, *ports]
        child = await _start(self.name, arguments, self._folder, self._log, said)
        self.addresses = json.loads(said.read_text())
        return child


class Qdrant:
    """`python -m emulators.qdrant`: its own process, for the engine holds the GIL."""

    name = "qdrant"
    stop_signal = signal.SIGTERM
    stop_grace = 5.0

    def __init__(self, folder: Path, log: Path, clock: Path) -> None:
        self.addresses: Addresses = {}
        self._folder = folder
        self._log = log
        self._clock = clock

    @property
    def url(self) -> str:
        """QDRANT_URL."""
        return self.addresses["qdrant"]["http"]

    async def launch(self) -> Child:
        """Starts the engine; raises EngineFailed."""
        said = self._folder / "addresses.json"
        arguments = ["emulators.qdrant", "--address-file", str(said)]
        arguments += ["--clock-file", str(self._clock)]
        arguments += [f"--port={port}" for port in _ports(self.addresses).values()]
        child = await _start(self.name, arguments, self._folder, self._log, said)
        self.addresses = json.loads(said.read_text())
        return child


async def _start(name: str, arguments: list[str], folder: Path, log: Path, said: Path) -> Child:
    _forget(said)
    child = await spawn(
        [sys.executable, "-m", *arguments, "--data", str(folder)],
        environment=python(ROOT),
        output=log,
        folder=folder,
        on_orphaned=signal.SIGTERM,
    )
    return await answering(child, name, log, said.exists)


def _forget(said: Path) -> None:
    said.parent.mkdir(parents=True, exist_ok=True)
    said.unlink(missing_ok=True)


def _ports(addresses: Addresses) -> dict[str, int]:
    """The ports by the names that --port takes: `pubsub` its own, `pubsub-admin` beside gRPC."""
    ports = {}
    for emulator, faces in addresses.items():
        for face, address in faces.items():
            port = urlsplit(address if "//" in address else f"//{address}").port
            assert port
            ports[f"{emulator}-admin" if face == "admin" else emulator] = port
    return ports
