"""What starts a function or a job: a route, a topic, a queue or a schedule."""

import re
from dataclasses import dataclass

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    """An HTTP trigger: method and path template, `{name}` standing for one segment."""

    method: str
    path: str

    @property
    def shape(self) -> str:
        """The route without its parameters' names: equal shapes would answer the same call."""
        return f"{self.method} {re.sub(r'{[^}]+}', '{}', self.path)}"


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Where a message goes that was delivered `attempts` times and never taken."""

    topic: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Push:
    """A Pub/Sub push subscription to `topic`; times in seconds."""

    topic: str
    ack_deadline: float
    min_backoff: float
    max_backoff: float
    dead_letters: DeadLetters | None = None


@dataclass(frozen=True, slots=True)
class Tasked:
    """Started by the tasks of `queue`."""

    queue: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """Started by Cloud Scheduler on a five-field cron line in UTC."""

    cron: str


Trigger = Route | Push | Tasked | Schedule
JobTrigger = Tasked | Schedule
