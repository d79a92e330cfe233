"""The stack's own commands over HTTP: what runs where, and start, stop or kill one function."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from workflows.gateway import problems
from workflows.gateway.public import as_json
from workflows.runner.function_process import FunctionDown
from workflows.runner.functions import Functions

VERBS = ("start", "stop", "kill")


class Control:
    """Answers `GET status` and `POST functions/{name}/{verb}` below the control prefix."""

    def __init__(self, functions: Functions, status: Callable[[], dict[str, Any]]) -> None:
        self._functions = functions
        self._status = status

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to a request whose key was accepted."""
        match request.method, request.path.split("/")[2:]:
            case "GET", ["status"]:
                return as_json(self._status())
            case "POST", ["functions", name, verb] if verb in VERBS:
                return await self._command(name, verb)
        return problems.no_such_path(request.path)

    async def _command(self, name: str, verb: str) -> web.StreamResponse:
        try:
            process = self._functions[name]
        except KeyError:
            return problems.refusal(404, "No such function", f"No function is named {name!r}.")
        try:
            if verb == "start":
                await process.ready()
            elif verb == "stop":
                await process.stop()
            else:
                await process.kill()
        except FunctionDown as error:
            return problems.function_down(name, str(error), error.log_line, error.retry_after)
        return as_json(self._functions.states()[name])
