"""A planned trip: days and stops, before it has words or rows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.nodes.taxonomy import DayPart
from shared.ranking.candidates import Candidate, Score
from shared.trips.travel import Travel


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: where, when (aware, in the city's zone), why it was chosen, and the way there."""

    candidate: Candidate
    day_number: int
    slot_order: int
    day_part: DayPart
    starts_at: datetime
    ends_at: datetime
    travel: Travel
    score: Score
    explores: bool
    propensity: float

    @property
    def node_id(self) -> UUID:
        """The activity node's id."""
        return self.candidate.node.id


@dataclass(frozen=True, slots=True)
class Day:
    """One day in time order; `bent` says in words which wish could not be met."""

    day_number: int
    date: date
    stops: tuple[Stop, ...]
    bent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The days of a trip and the seed of its exploration."""

    days: tuple[Day, ...]
    exploration_seed: int

    def stops(self) -> list[Stop]:
        """Return all stops in the order they are shown."""
        return [stop for day in self.days for stop in day.stops]
