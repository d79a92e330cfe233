"""The Cloud Run jobs of a running stack: starts executions, waits for their end, tells of them."""

from collections.abc import Mapping
from typing import Any, Protocol

from shared.outbox.jobs import run_body, run_url
from workflows.errors import StackError
from workflows.runner.addresses import PROJECT, REGION

_WAIT_S = 60


class JobFailed(StackError):
    """An execution ended and not all of its tasks succeeded; `execution` is as the API has it."""

    def __init__(self, name: str, why: str, execution: Mapping[str, Any]) -> None:
        super().__init__(
            f"The job {name} failed: {why} `python -m workflows logs {name}` shows what it wrote."
        )
        self.execution = execution


class RunApi(Protocol):
    """The Cloud Run API of the stack."""

    async def __call__(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The answer to one call; raises StackError with the API's sentence."""


class StackJobs:
    """The jobs of a stack, by the names of their folders."""

    def __init__(self, api: RunApi) -> None:
        self._api = api

    async def run(
        self, name: str, env: Mapping[str, str] | None = None, tasks: int | None = None
    ) -> dict[str, Any]:
        """Runs one execution to its end and returns it, as the Cloud Run API shows it.

        `env` and `tasks` override what the manifest says. Raises JobFailed, and StackError where
        there is no such job.
        """
        body = run_body({"env": env, "tasks": tasks})
        operation = await self._api("POST", run_url("", PROJECT, REGION, name), body)
        while not operation.get("done"):
            path = f"/v2/{operation['name']}:wait"
            operation = await self._api("POST", path, {"timeout": f"{_WAIT_S}s"})
        if error := operation.get("error"):
            raise JobFailed(name, error["message"], operation["metadata"])
        execution: dict[str, Any] = operation["response"]
        return execution

    async def states(self) -> dict[str, dict[str, Any]]:
        """{name: its latest execution as the API refers to it, {} where it never ran}."""
        listed = await self._api("GET", f"/v2/projects/{PROJECT}/locations/{REGION}/jobs")
        return {
            job["name"].rpartition("/")[2].replace("-", "_"): job.get("latestCreatedExecution", {})
            for job in listed.get("jobs", [])
        }

    async def executions(self, name: str) -> list[dict[str, Any]]:
        """The latest executions of a job, newest first."""
        path = f"{run_url('', PROJECT, REGION, name).removesuffix(':run')}/executions"
        found: list[dict[str, Any]] = (await self._api("GET", path)).get("executions", [])
        return found
