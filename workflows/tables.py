"""The shape of one manifest file: the tables and keys that workflows/*.toml may hold."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from workflows.quantities import cron, memory_mib, route, seconds
from workflows.triggers import Route
from workflows.wiring import Access, Need

Seconds = Annotated[float, BeforeValidator(seconds)]
MemoryMib = Annotated[int, BeforeValidator(memory_mib)]
QueueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,99}$")]
TopicName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,249}$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,48}$")]
RouteText = Annotated[Route, BeforeValidator(route)]
CronText = Annotated[str, AfterValidator(cron)]

TRIGGER_KINDS = ("http", "topic", "queue", "schedule")
JOB_TRIGGER_KINDS = ("queue", "schedule")
# What says how a subscription delivers, and means nothing without one.
DELIVERY = ("ack_deadline", "min_backoff", "max_backoff", "dead_letter", "attempts")


class Table(BaseModel):
    """A TOML table: no key beyond those declared, no coercion of a wrong type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TriggerTable(Table):
    """`trigger = { http | topic | queue | schedule = ... }`: exactly one of the four."""

    http: RouteText | None = None
    topic: TopicName | None = None
    queue: QueueName | None = None
    schedule: CronText | None = None
    ack_deadline: Seconds | None = Field(default=None, ge=10, le=600)
    min_backoff: Seconds | None = Field(default=None, ge=0, le=600)
    max_backoff: Seconds | None = Field(default=None, ge=0, le=600)
    dead_letter: TopicName | None = None
    attempts: int | None = Field(default=None, ge=5, le=100)

    @model_validator(mode="after")
    def _one_kind(self) -> "TriggerTable":
        _only_one(self, TRIGGER_KINDS)
        delivery = sorted(self.model_fields_set.intersection(DELIVERY))
        if delivery and self.topic is None:
            raise ValueError(f"{', '.join(delivery)} only stand beside topic")
        if (self.dead_letter is None) != (self.attempts is None):
            raise ValueError("dead_letter and attempts only stand together")
        return self


class JobTriggerTable(Table):
    """`trigger = { queue | schedule = ... }`: exactly one of the two."""

    queue: QueueName | None = None
    schedule: CronText | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "JobTriggerTable":
        _only_one(self, JOB_TRIGGER_KINDS)
        return self


class DeployableTable(Table):
    """What `[functions.NAME]` and `[jobs.NAME]` have in common."""

    needs: list[Need] = Field(default_factory=list)
    sends: list[str] = Field(default_factory=list)
    cpu: Literal["1", "2", "4", "8"] = "1"


class FunctionTable(DeployableTable):
    """`[functions.NAME]`: one service and what starts, feeds and follows it."""

    trigger: TriggerTable
    access: Access | None = None
    memory: MemoryMib = Field(ge=128, le=32 * 1024)
    timeout: Seconds = Field(gt=0, le=3600)
    min_instances: int = Field(default=0, ge=0, le=100)
    concurrency: int = Field(default=80, ge=1, le=1000)


class JobTable(DeployableTable):
    """`[jobs.NAME]`: one Cloud Run job; `timeout` and `retries` are of each of its `tasks`."""

    trigger: JobTriggerTable
    memory: MemoryMib = Field(ge=512, le=32 * 1024)
    timeout: Seconds = Field(gt=0, le=24 * 3600)
    tasks: int = Field(default=1, ge=1, le=10_000)
    retries: int = Field(default=3, ge=0, le=10)
    parallelism: int | None = Field(default=None, ge=1, le=10_000)


class QueueTable(Table):
    """`[queues.NAME]`: rate in tasks per second, backoffs doubling between the two bounds."""

    rate: float = Field(gt=0, le=500)
    concurrent: int = Field(ge=1, le=5000)
    attempts: int = Field(ge=1, le=1000)
    min_backoff: Seconds = Field(default=0.1, gt=0, le=3600)
    max_backoff: Seconds = Field(default=3600.0, gt=0, le=3600)


class TopicTable(Table):
    """`[topics.NAME]`: `outside` says that its subscribers live in another repository."""

    ordered: bool = False
    outside: bool = False


class ManifestFile(Table):
    """One whole file of workflows/."""

    functions: dict[Name, FunctionTable] = Field(default_factory=dict)
    jobs: dict[Name, JobTable] = Field(default_factory=dict)
    queues: dict[QueueName, QueueTable] = Field(default_factory=dict)
    topics: dict[TopicName, TopicTable] = Field(default_factory=dict)


KINDS: dict[str, type[Table]] = {
    "functions": FunctionTable,
    "jobs": JobTable,
    "queues": QueueTable,
    "topics": TopicTable,
}


def allowed_keys(path: tuple[Any, ...]) -> list[str]:
    """The keys that the table at `path` (as pydantic reports a location) may hold."""
    if not path:
        return sorted(ManifestFile.model_fields)
    kind = path[0]
    if "trigger" in path[2:]:
        table: type[Table] = JobTriggerTable if kind == "jobs" else TriggerTable
        return sorted(table.model_fields)
    return sorted(KINDS[kind].model_fields)


def _only_one(trigger: Table, kinds: tuple[str, ...]) -> None:
    if sum(getattr(trigger, kind) is not None for kind in kinds) != 1:
        raise ValueError(f"needs exactly one of {', '.join(kinds)}")
