"""The answer of `POST /api/v1/trips`, field by field: what the frontend may rely on."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

DayPart = Literal["morning", "afternoon", "evening"]


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Node(_Exact):
    """A real place."""

    id: UUID
    name: str = Field(min_length=1)
    category: str
    neighbourhood: str | None
    lat: float
    lon: float
    vibe_tags: list[str]
    cross_ref_confidence: float | None = Field(ge=0, le=1)
    overrated_flag: Literal[False]
    origin: Literal["local", "sample", "places"]
    opening_hours: str | None
    hours_source: Literal["typical", "listed"] | None


class Slot(_Exact):
    """A stop."""

    id: UUID
    slot_order: int = Field(ge=1)
    day_part: DayPart
    starts_at: datetime
    ends_at: datetime
    activity_node: Node
    narrative: str = Field(min_length=10)
    confidence: float | None = Field(ge=0, le=1)
    travel_minutes_from_previous: int = Field(ge=0)
    travel_mode_from_previous: Literal["none", "walk", "transit"]


class Day(_Exact):
    """A day."""

    day_number: int
    date: date
    slots: list[Slot] = Field(min_length=2)


class Ranker(_Exact):
    """Which rung served, and why."""

    rung: Literal["model", "cache", "nearest_archetype", "quality"]
    reason: str = Field(min_length=1)


class Violation(_Exact):
    """A rule that the plan breaks."""

    rule: str
    day_number: int
    what: str


class Wish(_Exact):
    """A wish that could not be met."""

    day_number: int
    rule: Literal["kinds", "meals", "filled", "must_see"]
    wish: str


class Validation(_Exact):
    """The machine-readable report on the plan."""

    rules: list[str]
    violations: list[Violation]
    bent: list[Wish]
    hours_source: Literal["typical", "listed"]
    notes: list[str]
    walk_km: float
    transit_km: float


class Trip(_Exact):
    """The whole answer."""

    id: UUID
    city: str
    status: Literal["planned"]
    start_date: date
    end_date: date
    pace: Literal["slow", "balanced", "full"]
    model_version: str
    ranker: Ranker
    days: list[Day] = Field(min_length=1, max_length=30)
    hours_source: Literal["typical", "listed"]
    validation: Validation
