"""Starts a function's process by itself, as production does, and sends it its example."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

from workflows.bench.caller import Answer, RequestFailed
from workflows.bench.examples import Facts, authorise, read_example, request
from workflows.bench.scene import Scene, served_by
from workflows.commands.seed import ADMIN
from workflows.manifest import load
from workflows.processes.child import Child, spawn
from workflows.processes.log_file import last_line
from workflows.processes.ports import HOST, free_port
from workflows.runner.addresses import environment
from workflows.runner.data_folder import DataFolder
from workflows.runner.functions import command
from workflows.wiring import Function

_LONGEST_START_S = 120.0
_ASK_AGAIN_S = 0.002


@dataclass(frozen=True, slots=True)
class Started:
    """A process that has answered: its id, its wall seconds from start to answer, its output."""

    pid: int
    wall_s: float
    log: Path


class Launcher:
    """Launches the functions of a tree against the engines of a prepared stack."""

    def __init__(self, scene: Scene, root: Path, facts: Facts) -> None:
        self.functions = load(root / "workflows", root).functions
        self._scene = scene
        self._root = root
        self._facts = facts
        self._folder = DataFolder(scene.stack.data_dir)

    @asynccontextmanager
    async def started(self, name: str, options: Sequence[str] = ()) -> AsyncIterator[Started]:
        """A fresh process of the function, with options of the interpreter, once it answered well.

        It is killed at the end. Raises RequestFailed.
        """
        function = self.functions[name]
        scene, port = self._scene, free_port()
        addresses, secrets = scene.stack.addresses, self._folder.secrets()
        example = read_example(function, self._root, self._facts)
        session = await _session(scene, function, example)
        headers = await authorise(function, scene.stack, session)
        log = self._folder.logs / f"bench-{name}.log"
        log.unlink(missing_ok=True)
        python, *words = command(function, port, self._root)
        began = perf_counter()
        child = await spawn(
            [python, *options, *words],
            environment=environment(function, port, addresses, secrets, self._root),
            output=log,
            folder=self._root,
        )
        try:
            await _listening(child, name, port, log)
            asked = request(function, example, f"http://{HOST}:{port}", headers)
            answer = await scene.caller.call(asked)
            started = Started(child.pid, perf_counter() - began, log)
            _check(function, answer)
            yield started
        finally:
            child.kill()
            await child.exited()


async def _session(scene: Scene, function: Function, example: dict[str, Any]) -> dict[str, str]:
    """Who calls: somebody new each time where the call ends their account."""
    if function.access == "admin":
        return scene.admin
    if example.get("method") == "DELETE":
        return {"Authorization": f"Bearer {await scene.stack.token(f'bench-leaves-{uuid4()}')}"}
    return scene.travellers[0]


async def gather_facts(scene: Scene) -> Facts:
    """Return a trip of the first traveller, a place in it, and the date it is planned for."""
    trip = (await scene.plan(0)).json()
    node = trip["days"][0]["slots"][0]["activity_node"]["id"]
    return Facts(trip["id"], node, scene.start_date, ADMIN)


async def _listening(child: Child, name: str, port: int, log: Path) -> None:
    """Return once the port takes connections; the server answers them when it is ready."""
    async with asyncio.timeout(_LONGEST_START_S):
        while not _connects(port):
            if not child.running:
                raise RequestFailed(f"{name} ended before it answered: {last_line(log)}")
            await asyncio.sleep(_ASK_AGAIN_S)


def _connects(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _check(function: Function, answer: Answer) -> None:
    if function.name == "generate_trip":
        served_by(answer, "cache")
