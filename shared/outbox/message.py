"""A message or task that a transaction promises to send."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

Kind = Literal["topic", "task"]


@dataclass(frozen=True, slots=True)
class Message:
    """One promise: to publish `payload` on a topic, or to enqueue it for a function.

    `target` is the topic's name or the function's name; `task_name` deduplicates a task. One that
    is `deleted_once_sent` is not kept for a week as the others are.
    """

    id: UUID
    kind: Kind
    target: str
    payload: Mapping[str, Any]
    attributes: Mapping[str, str] = field(default_factory=dict)
    task_name: str | None = None
    deleted_once_sent: bool = False


@dataclass(frozen=True, slots=True)
class SendFailure:
    """Why a message could not be sent, and whether another try can help."""

    message: Message
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class SendReport:
    """Which messages left and which did not; those in neither were cut off by the time cap."""

    sent: tuple[Message, ...]
    failed: tuple[SendFailure, ...]
