"""A trip as it is stored and shown: its slots, who ranked it, and the report on its plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.nodes.node import ActivityNode
from shared.nodes.taxonomy import DayPart
from shared.personas.traveller import Pace
from shared.ranking.ladder import Served
from shared.runtime.errors import Refusal
from shared.trips.travel import TravelMode


class TripUnknown(Refusal):
    """There is no such trip for this traveller; whose else it may be is not told."""

    status = 404
    title = "Trip unknown"

    def __init__(self, trip_id: str) -> None:
        super().__init__(f"You have no trip with the id {trip_id[:60]}; check the id.")


@dataclass(frozen=True, slots=True)
class Slot:
    """One itinerary slot."""

    id: UUID
    day_number: int
    slot_order: int
    day_part: DayPart
    starts_at: datetime
    ends_at: datetime
    node: ActivityNode
    narrative: str
    confidence: float | None
    travel_minutes_from_previous: int
    travel_mode_from_previous: TravelMode
    explores: bool
    propensity: float


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip with its slots in order."""

    id: UUID
    user_id: str
    city: str
    start_date: date
    end_date: date
    pace: Pace
    status: str
    ranking_id: UUID
    model_version: str
    served: Served
    validation_report: Mapping[str, Any]
    slots: tuple[Slot, ...]
    created_at: datetime

    @property
    def days(self) -> int:
        """How many days the trip has."""
        return (self.end_date - self.start_date).days + 1
