"""All function processes of a stack, by name, and the Functions Framework command that each is."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from workflows.processes.child import spawn
from workflows.processes.log_file import LogFile
from workflows.processes.ports import HOST, free_port, listens
from workflows.processes.readiness import NotReady, until_ready
from workflows.runner.addresses import Addresses, environment
from workflows.runner.data_folder import DataFolder
from workflows.runner.function_process import FunctionDown, FunctionProcess, Instance
from workflows.wiring import Function, Wiring


class Functions:
    """The processes of a wiring's functions; none runs until it is called."""

    def __init__(
        self, wiring: Wiring, folder: DataFolder, root: Path, say: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._root = root
        self._say = say
        self._addresses: Addresses | None = None
        self._processes: dict[str, FunctionProcess] = {
            name: self._process(function) for name, function in wiring.functions.items()
        }

    def open(self, addresses: Addresses) -> None:
        """Tells where the engines are: from now on functions can start."""
        self._addresses = addresses

    def __getitem__(self, name: str) -> FunctionProcess:
        """The process of the function `name`; raises KeyError."""
        return self._processes[name]

    async def url(self, name: str) -> str:
        """Base URL of the function's process, started if need be; raises FunctionDown."""
        return (await self._processes[name].ready()).url

    def states(self) -> Mapping[str, dict[str, Any]]:
        """{name: {state, pid, port, starts, log}} of every function."""
        return {name: self._state(process) for name, process in self._processes.items()}

    async def close(self) -> None:
        """Stops all, each finishing its calls."""
        await asyncio.gather(*(process.close() for process in self._processes.values()))

    def _process(self, function: Function) -> FunctionProcess:
        log = LogFile(self._folder.logs / f"{function.name}.log")

        async def launch(log: LogFile) -> Instance:
            return await self._launch(function, log)

        return FunctionProcess(function.name, launch, log, self._say)

    async def _launch(self, function: Function, log: LogFile) -> Instance:
        assert self._addresses
        port = free_port()
        secrets = self._folder.secrets()

        def heard(line: str) -> None:
            log.write(line)
            self._say(f"{function.name} | {line}")

        child = await spawn(
            command(function, port, self._root),
            environment=environment(function, port, self._addresses, secrets, self._root),
            output=heard,
            folder=self._root,
        )
        try:
            await until_ready(child, lambda: listens(child.pid, port))
        except NotReady as error:
            raise FunctionDown(function.name, str(error), log.last_line) from None
        return Instance(child, port, monotonic())

    @staticmethod
    def _state(process: FunctionProcess) -> dict[str, Any]:
        instance = process.instance
        return {
            "state": process.state,
            "pid": instance.child.pid if instance else None,
            "port": instance.port if instance else None,
            "starts": process.starts,
            "log": str(process.log.path),
        }


def command(function: Function, port: int, root: Path) -> list[str]:
    """The production command: one Functions Framework server, ASGI, one worker."""
    framework = [sys.executable, "-m", "functions_framework", "--asgi"]
    source = ["--target", function.name, "--source", str(root / function.source)]
    return [*framework, *source, "--host", HOST, "--port", str(port)]
