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
from workflows.wiring import Access, Need, Route

Seconds = Annotated[float, BeforeValidator(seconds)]
MemoryMib = Annotated[int, BeforeValidator(memory_mib)]
QueueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,99}$")]
TopicName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,249}$")]
FunctionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,48}$")]
RouteText = Annotated[Route, BeforeValidator(route)]
CronText = Annotated[str, AfterValidator(cron)]

TRIGGER_KINDS = ("http", "topic", "queue", "schedule")


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

    @model_validator(mode="after")
    def _one_kind(self) -> "TriggerTable":
        given = [kind for kind in TRIGGER_KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of {', '.join(TRIGGER_KINDS)}")
        delivery = {
            "ack_deadline",
            "min_backoff",
            "max_backoff",
        } & self.model_fields_set
        if delivery and given != ["topic"]:
            raise ValueError(f"{', '.join(sorted(delivery))} only stand beside topic")
        return self


class FunctionTable(Table):
    """`[functions.NAME]`: one deployable folder and what starts, feeds and follows it."""

    trigger: TriggerTable
    access: Access | None = None
    needs: list[Need] = Field(default_factory=list)
    sends: list[str] = Field(default_factory=list)
    memory: MemoryMib = Field(ge=128, le=32 * 1024)
    timeout: Seconds = Field(gt=0, le=3600)
    cpu: Literal["1", "2", "4", "8"] = "1"
    min_instances: int = Field(default=0, ge=0, le=100)
    concurrency: int = Field(default=80, ge=1, le=1000)


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

    functions: dict[FunctionName, FunctionTable] = Field(default_factory=dict)
    queues: dict[QueueName, QueueTable] = Field(default_factory=dict)
    topics: dict[TopicName, TopicTable] = Field(default_factory=dict)


def allowed_keys(path: tuple[Any, ...]) -> list[str]:
    """The keys that the table at `path` (as pydantic reports a location) may hold."""
    if not path:
        return sorted(ManifestFile.model_fields)
    kinds: dict[Any, type[Table]] = {
        "functions": FunctionTable,
        "queues": QueueTable,
        "topics": TopicTable,
    }
    table = TriggerTable if "trigger" in path[2:] else kinds[path[0]]
    return sorted(table.model_fields)
