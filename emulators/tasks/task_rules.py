"""Owns what a task may be and what Cloud Tasks fills in where it says nothing."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from grpc import StatusCode

from emulators.skeleton.grpc_server import RpcError
from emulators.skeleton.target_rules import check_target
from emulators.skeleton.times import seconds_of, set_time, time_of
from emulators.tasks import errors
from emulators.tasks.queue_rules import check_retries
from emulators.tasks.wire import Task

POST = 1
USER_AGENT = "Google-Cloud-Tasks"
DEFAULT_DEADLINE_S = 600
DEADLINE_RANGE_S = (15, 1800)
MAX_AHEAD_S = 720 * 3600
# Measured on the real service by aertje/cloud-tasks-emulator: the stored form, defaults included.
MAX_STORED_BYTES = 2**20 - 7
# The service writes times in its own zone.
_SERVICE_ZONE = ZoneInfo("America/Los_Angeles")


def new_task(wanted: Any, name: str, now: float) -> Any:
    """The task to keep for the one asked for: checked, named, defaults filled in.

    Raises INVALID_ARGUMENT for what Cloud Tasks refuses, UNIMPLEMENTED for App Engine targets.
    """
    _check_target(wanted)
    _check_times(wanted, now)
    check_retries(wanted.retry_config)
    task = _filled(wanted, name, now)
    if task.ByteSize() > MAX_STORED_BYTES:
        raise errors.invalid("Task size too large")
    return task


def _filled(wanted: Any, name: str, now: float) -> Any:
    task = Task(name=name)
    request = task.http_request
    request.CopyFrom(wanted.http_request)
    request.http_method = request.http_method or POST
    for header in [header for header in request.headers if header.lower() == "user-agent"]:
        del request.headers[header]
    request.headers["User-Agent"] = USER_AGENT
    set_time(task.create_time, int(now))
    given = time_of(wanted.schedule_time) if wanted.HasField("schedule_time") else now
    set_time(task.schedule_time, max(given, now))
    deadline_s = seconds_of(wanted.dispatch_deadline) or DEFAULT_DEADLINE_S
    task.dispatch_deadline.FromMilliseconds(int(deadline_s * 1000))
    if wanted.HasField("retry_config"):
        task.retry_config.CopyFrom(wanted.retry_config)
    return task


def _check_target(wanted: Any) -> None:
    if wanted.HasField("app_engine_http_request"):
        raise RpcError(
            StatusCode.UNIMPLEMENTED,
            "The emulator does not support Task.app_engine_http_request: use http_request.",
        )
    if not wanted.HasField("http_request"):
        raise errors.invalid("Task.http_request is required.")
    check_target(wanted.http_request, "HttpRequest", "url")


def _check_times(wanted: Any, now: float) -> None:
    if wanted.HasField("dispatch_deadline"):
        shortest, longest = DEADLINE_RANGE_S
        if not shortest <= seconds_of(wanted.dispatch_deadline) <= longest:
            raise errors.invalid("Task.dispatchDeadline must be between [15s, 30m].")
    at = time_of(wanted.schedule_time)
    if at > now + MAX_AHEAD_S:
        written = datetime.datetime.fromtimestamp(at, _SERVICE_ZONE).isoformat()
        raise errors.invalid(
            f"The Task.scheduleTime, {written}, is too far in the future. "
            "Schedule time must be no more than 720h in the future."
        )
