"""Owns the raw protobuf classes of google.cloud.tasks.v2."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from emulators.skeleton.protos import Protos

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
