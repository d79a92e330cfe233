"""Owns one task at work: its message as the API shows it, and what its attempts write into it."""

from dataclasses import dataclass
from typing import Any

from emulators.skeleton.dispatch import HttpCall, Outcome, authorization, merged_headers
from emulators.skeleton.identity import Identity
from emulators.skeleton.rpc_status import rpc_code
from emulators.skeleton.target_rules import method_of
from emulators.skeleton.times import seconds_of, set_time, time_of
from emulators.tasks.names import short


@dataclass(slots=True, eq=False)
class Entry:
    """A task of a queue. `executions` counts answers below 500, `running` attempts under way."""

    task: Any
    executions: int = 0
    previous_status: int | None = None
    running: int = 0
    gone: bool = False

    @property
    def id(self) -> str:
        """The task's short id."""
        return short(self.task.name)

    @property
    def due_at(self) -> float:
        """When its next attempt may start, in unix seconds."""
        return time_of(self.task.schedule_time)

    @property
    def created_at(self) -> float:
        """When it was created, in whole unix seconds."""
        return time_of(self.task.create_time)

    def begin(self, now: float) -> None:
        """Notes that an attempt starts."""
        task = self.task
        task.dispatch_count += 1
        if not task.HasField("first_attempt"):
            set_time(task.first_attempt.dispatch_time, now)
        task.ClearField("last_attempt")
        task.last_attempt.schedule_time.CopyFrom(task.schedule_time)
        set_time(task.last_attempt.dispatch_time, now)

    def finish(self, outcome: Outcome, now: float) -> None:
        """Notes how an attempt ended."""
        self.previous_status = outcome.status
        if outcome.answered:
            self.task.response_count += 1
            self.executions += outcome.status < 500
        code, name = rpc_code(outcome.status)
        attempt = self.task.last_attempt
        set_time(attempt.response_time, now)
        attempt.response_status.code = code
        attempt.response_status.message = f"{name}({code}): HTTP status code {outcome.status}"

    def call(self, queue: str, identity: Identity) -> HttpCall:
        """The request of the attempt that has just begun."""
        request = self.task.http_request
        injected = self._headers(queue) | authorization(request, request.url, identity)
        return HttpCall(
            method=method_of(request),
            url=request.url,
            headers=merged_headers(request.headers, injected),
            body=request.body,
            deadline_s=seconds_of(self.task.dispatch_deadline),
        )

    def _headers(self, queue: str) -> dict[str, str]:
        # Names, and the empty retry reason, as recorded from the real service.
        headers = {
            "User-Agent": self.task.http_request.headers["User-Agent"],
            "X-CloudTasks-QueueName": short(queue),
            "X-CloudTasks-TaskName": self.id,
            "X-CloudTasks-TaskRetryCount": str(self.task.dispatch_count - 1),
            "X-CloudTasks-TaskExecutionCount": str(self.executions),
            "X-CloudTasks-TaskETA": f"{self.due_at:.6f}",
        }
        if self.previous_status is not None:
            headers["X-CloudTasks-TaskPreviousResponse"] = str(self.previous_status)
            headers["X-CloudTasks-TaskRetryReason"] = ""
        return headers
