"""The wiring as facts: what the manifest says and what follows from it, for all its readers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from workflows.triggers import JobTrigger, Push, Route, Schedule, Tasked, Trigger

Access = Literal["traveller", "admin", "public"]
Need = Literal["postgres", "redis", "qdrant", "anthropic", "onnx", "storage", "pubsub", "tasks"]


@dataclass(frozen=True, slots=True)
class Deployable:
    """A folder of functions/ that is deployed: folder, entry point and manifest key are `name`.

    `timeout` is in seconds, of one call or of one task of a job.
    """

    name: str
    file: str
    trigger: Trigger
    needs: tuple[Need, ...]
    sends: tuple[str, ...]
    memory_mib: int
    timeout: float
    cpu: int

    @property
    def service(self) -> str:
        """The name it is deployed under: the same words with dashes."""
        return self.name.replace("_", "-")

    @property
    def source(self) -> str:
        """Its main.py, from the repository's root."""
        return f"functions/{self.name}/main.py"


@dataclass(frozen=True, slots=True)
class Function(Deployable):
    """A Cloud Run service: one process that answers calls."""

    access: Access | None
    min_instances: int
    concurrency: int

    @property
    def background(self) -> bool:
        """Whether the cloud calls it (with an OIDC token) rather than a traveller."""
        return not isinstance(self.trigger, Route)

    def url(self, template: str) -> str:
        """Its base URL, and so its OIDC audience, rendered from FUNCTION_URL_TEMPLATE."""
        return template.format(service=self.service)


@dataclass(frozen=True, slots=True)
class Job(Deployable):
    """A Cloud Run job: an execution is `tasks` processes, each tried `retries` times again.

    `parallelism` is how many of them run at once, None for as many as Cloud Run can.
    """

    trigger: JobTrigger
    tasks: int
    retries: int
    parallelism: int | None

    @property
    def module(self) -> str:
        """What `python -m` runs."""
        return f"functions.{self.name}.main"


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
    jobs: Mapping[str, Job] = field(default_factory=dict)

    @cached_property
    def by_service(self) -> Mapping[str, Function]:
        """Functions by their service name."""
        return {function.service: function for function in self.functions.values()}

    @cached_property
    def deployables(self) -> Mapping[str, Function | Job]:
        """Functions and jobs, which share one namespace."""
        return {**self.functions, **self.jobs}

    def routed(self) -> list[tuple[Function, Route]]:
        """Functions with an HTTP route, in manifest order."""
        return [(f, f.trigger) for f in self.functions.values() if isinstance(f.trigger, Route)]

    def subscriptions(self) -> list[tuple[str, Function, Push]]:
        """(subscription id, function, push) for each topic-triggered function."""
        return [
            (f"{f.trigger.topic}-to-{f.service}", f, f.trigger)
            for f in self.functions.values()
            if isinstance(f.trigger, Push)
        ]

    def schedules(self) -> list[tuple[str, Function | Job, Schedule]]:
        """(scheduler job id, what it starts, schedule) for each scheduled function and job."""
        return [(d.service, d, d.trigger) for d in self._all() if isinstance(d.trigger, Schedule)]

    def tasked(self, queue: str) -> list[Function | Job]:
        """What the tasks of `queue` start."""
        return [d for d in self._all() if d.trigger == Tasked(queue)]

    def queue_senders(self, queue: str) -> list[Function | Job]:
        """Who sends tasks to `queue`: those whose `sends` names a receiver."""
        receivers = {d.name for d in self.tasked(queue)}
        return [d for d in self._all() if receivers & set(d.sends)]

    def topic_senders(self, topic: str) -> list[Function | Job]:
        """Who publishes to `topic`."""
        return [d for d in self._all() if topic in d.sends]

    def given_up_to(self, topic: str) -> list[Function]:
        """The functions whose undeliverable messages land on `topic`."""
        return [
            function
            for _, function, push in self.subscriptions()
            if push.dead_letters and push.dead_letters.topic == topic
        ]

    def _all(self) -> Iterator[Function | Job]:
        yield from self.deployables.values()
