"""Owns the raw protobuf classes of google.cloud.tasks.v2 and their times as unix seconds."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from emulators.skeleton.protos import Protos
from emulators.tasks import errors

PROTOS = Protos(Path(__file__).with_name("tasks.binpb"))

Queue = PROTOS.message("google.cloud.tasks.v2.Queue")
Task = PROTOS.message("google.cloud.tasks.v2.Task")
ListQueuesResponse = PROTOS.message("google.cloud.tasks.v2.ListQueuesResponse")
ListTasksResponse = PROTOS.message("google.cloud.tasks.v2.ListTasksResponse")
Empty = PROTOS.message("google.protobuf.Empty")

FULL = Task.FULL
RUNNING, PAUSED = Queue.RUNNING, Queue.PAUSED


Methods = dict[str, Callable[[Any], Awaitable[Message]]]


def request_class(method: str) -> type[Message]:
    """The class of the request of the method named `method`, e.g. CreateTask."""
    message: type[Message] = PROTOS.message(f"google.cloud.tasks.v2.{method}Request")
    return message


def set_time(timestamp: Any, at: float) -> None:
    """Writes unix seconds into a Timestamp, to the microsecond, as the API keeps them."""
    timestamp.FromMicroseconds(round(at * 1e6))


def time_of(timestamp: Any) -> float:
    """Unix seconds of a Timestamp. Raises INVALID_ARGUMENT for one outside the years 1 to 9999."""
    return _seconds(timestamp)


def seconds_of(duration: Any) -> float:
    """Seconds of a Duration. Raises INVALID_ARGUMENT for one that is not well formed."""
    return _seconds(duration)


def _seconds(message: Any) -> float:
    try:
        return float(message.ToMicroseconds() / 1e6)
    except ValueError as error:
        raise errors.invalid(str(error)) from error
