"""What the server knows of an answer, and never takes from a client."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.nodes.taxonomy import DayPart


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """The slot that an answer is about, the ranking it was shown by, and its moment in the trip."""

    slot_id: UUID
    ranking_id: UUID
    model_version: str
    day_number: int
    day_part: DayPart


SlotsOfTrips = Mapping[UUID, Mapping[UUID, SlotFacts]]
"""By trip and by node; a trip that is not there is not the traveller's."""
