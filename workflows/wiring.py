"""The wiring as facts: what the manifest says and what follows from it, for all its readers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Access = Literal["traveller", "admin", "public"]
Need = Literal["postgres", "redis", "qdrant", "anthropic", "onnx", "storage", "pubsub", "tasks"]


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
class Push:
    """A Pub/Sub push subscription to `topic`; times in seconds."""

    topic: str
    ack_deadline: float
    min_backoff: float
    max_backoff: float


@dataclass(frozen=True, slots=True)
class Tasked:
    """Started by the tasks of `queue`."""

    queue: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """Started by Cloud Scheduler on a five-field cron line in UTC."""

    cron: str


Trigger = Route | Push | Tasked | Schedule


@dataclass(frozen=True, slots=True)
class Function:
    """One deployable: folder, entry point and manifest key share its name."""

    name: str
    file: str
    trigger: Trigger
    access: Access | None
    needs: tuple[Need, ...]
    sends: tuple[str, ...]
    memory_mib: int
    timeout: float
    cpu: int
    min_instances: int
    concurrency: int

    @property
    def service(self) -> str:
        """The name it is deployed under: the same words with dashes."""
        return self.name.replace("_", "-")

    @property
    def source(self) -> str:
        """Its main.py, from the repository's root."""
        return f"functions/{self.name}/main.py"

    @property
    def background(self) -> bool:
        """Whether the cloud calls it (with an OIDC token) rather than a traveller."""
        return not isinstance(self.trigger, Route)

    def url(self, template: str) -> str:
        """Its base URL, and so its OIDC audience, rendered from FUNCTION_URL_TEMPLATE."""
        return template.format(service=self.service)


@dataclass(frozen=True, slots=True)
class Queue:
    """A Cloud Tasks queue: rate per second, backoffs in seconds."""

    name: str
    file: str
    rate: float
    concurrent: int
    attempts: int
    min_backoff: float
    max_backoff: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A Pub/Sub topic; `outside` = subscribed by another repository."""

    name: str
    file: str
    ordered: bool
    outside: bool


@dataclass(frozen=True)
class Wiring:
    """Everything workflows/*.toml declares, by name."""

    functions: Mapping[str, Function]
    queues: Mapping[str, Queue]
    topics: Mapping[str, Topic]

    @cached_property
    def by_service(self) -> Mapping[str, Function]:
        """Functions by their service name."""
        return {function.service: function for function in self.functions.values()}

    def routed(self) -> list[tuple[Function, Route]]:
        """Functions with an HTTP route, in manifest order."""
        return [(f, f.trigger) for f in self._all() if isinstance(f.trigger, Route)]

    def subscriptions(self) -> list[tuple[str, Function, Push]]:
        """(subscription id, function, push) for each topic-triggered function."""
        return [
            (f"{f.trigger.topic}-to-{f.service}", f, f.trigger)
            for f in self._all()
            if isinstance(f.trigger, Push)
        ]

    def schedules(self) -> list[tuple[str, Function, Schedule]]:
        """(job id, function, schedule) for each scheduled function."""
        return [(f.service, f, f.trigger) for f in self._all() if isinstance(f.trigger, Schedule)]

    def tasked(self, queue: str) -> list[Function]:
        """The functions that the tasks of `queue` start."""
        return [f for f in self._all() if f.trigger == Tasked(queue)]

    def queue_senders(self, queue: str) -> list[Function]:
        """The functions that send tasks to `queue`: those whose `sends` names a receiver."""
        receivers = {f.name for f in self.tasked(queue)}
        return [f for f in self._all() if receivers & set(f.sends)]

    def topic_senders(self, topic: str) -> list[Function]:
        """The functions that publish to `topic`."""
        return [f for f in self._all() if topic in f.sends]

    def _all(self) -> Iterable[Function]:
        return self.functions.values()
