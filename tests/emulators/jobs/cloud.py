"""Cloud Run as its callers have it: the official clients, one script per job."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from google.auth.credentials import Credentials as AnyCredentials
from google.cloud import run_v2
from google.cloud.run_v2.services.executions.transports import ExecutionsRestTransport
from google.cloud.run_v2.services.jobs.transports import JobsRestTransport
from google.cloud.run_v2.services.tasks.transports import TasksRestTransport
from google.oauth2.credentials import Credentials

LOCATION = "projects/overplanned-local/locations/us-central1"
NIGHTLY = f"{LOCATION}/jobs/nightly"

T = TypeVar("T")


class Cloud:
    """The clients against one emulator; their blocking calls run in threads."""

    def __init__(self, url: str, credentials: AnyCredentials | None = None) -> None:
        facts: dict[str, Any] = {
            "host": url.removeprefix("http://"),
            "url_scheme": "http",
            "credentials": credentials or token(),
        }
        self.jobs = run_v2.JobsClient(transport=JobsRestTransport(**facts))
        self.executions = run_v2.ExecutionsClient(transport=ExecutionsRestTransport(**facts))
        self.tasks = run_v2.TasksClient(transport=TasksRestTransport(**facts))

    async def call(self, method: Callable[..., T], **arguments: Any) -> T:
        """One call of a client, without its own retries."""
        return await asyncio.to_thread(method, **arguments)

    async def create(self, script: str, job_id: str = "nightly", **settings: Any) -> run_v2.Job:
        """A job whose tasks run `script` in a shell."""
        job = a_job(script, **settings)
        operation = await self.call(self.jobs.create_job, parent=LOCATION, job=job, job_id=job_id)
        made: run_v2.Job = operation.result()  # type: ignore[no-untyped-call]
        return made

    async def start(self, job: str = NIGHTLY, **overrides: Any) -> "Started":
        """An execution begun."""
        request = {"name": job, "overrides": overrides}
        return Started(self, await self.call(self.jobs.run_job, request=request))

    async def run(self, job: str = NIGHTLY, **overrides: Any) -> run_v2.Execution:
        """An execution that has ended."""
        return await (await self.start(job, **overrides)).end()

    async def tasks_of(self, execution: run_v2.Execution) -> list[run_v2.Task]:
        """The tasks of an execution."""
        return list(await self.call(self.tasks.list_tasks, parent=execution.name))


class Started:
    """An execution that was begun, with its operation."""

    def __init__(self, cloud: Cloud, operation: Any) -> None:
        self.name = operation.metadata.name
        self.operation = operation
        self._cloud = cloud

    async def wait(self) -> Any:
        """The operation once it has ended."""
        request = {"name": self.operation.operation.name}
        return await self._cloud.call(self._cloud.jobs.wait_operation, request=request)

    async def end(self) -> run_v2.Execution:
        """The execution once it has ended, well or not."""
        await self.wait()
        return await self.now()

    async def now(self) -> run_v2.Execution:
        """The execution as it stands."""
        return await self._cloud.call(self._cloud.executions.get_execution, name=self.name)


def a_job(script: str, *, tasks: int = 1, parallelism: int = 0, **task: Any) -> run_v2.Job:
    """A job whose tasks run `script` in a shell; `task` sets fields of its TaskTemplate."""
    container = {"image": "python", "command": ["sh", "-c", script], **task.pop("container", {})}
    template = {"containers": [container], **task}
    return run_v2.Job(
        template={"task_count": tasks, "parallelism": parallelism, "template": template}
    )


def completed(record: Any) -> run_v2.Condition:
    """What an execution or a task says of its completion."""
    found: list[run_v2.Condition] = [
        each for each in record.conditions if each.type_ == "Completed"
    ]
    [only] = found
    return only


def token() -> AnyCredentials:
    """Credentials that send a bearer token."""
    made: AnyCredentials = Credentials(token="ya29.of-a-test")  # type: ignore[no-untyped-call]
    return made
