"""Owns the raw protobuf classes of google.cloud.scheduler.v1."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from emulators.skeleton.protos import Protos

PROTOS = Protos(Path(__file__).with_name("scheduler.binpb"))

Job = PROTOS.message("google.cloud.scheduler.v1.Job")
ListJobsResponse = PROTOS.message("google.cloud.scheduler.v1.ListJobsResponse")
FieldMask = PROTOS.message("google.protobuf.FieldMask")
Empty = PROTOS.message("google.protobuf.Empty")

ENABLED, PAUSED = Job.ENABLED, Job.PAUSED

Methods = dict[str, Callable[[Any], Awaitable[Message]]]


def request_class(method: str) -> type[Message]:
    """The class of the request of the method named `method`, e.g. CreateJob."""
    message: type[Message] = PROTOS.message(f"google.cloud.scheduler.v1.{method}Request")
    return message
