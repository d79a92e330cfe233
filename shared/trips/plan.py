"""A planned trip: days and stops, before it has words or rows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from shared.nodes.taxonomy import DayPart
from shared.ranking.candidates import Candidate, Score
from shared.trips.travel import Travel

BentRule = Literal["kinds", "meals", "filled", "must_see"]


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: where, when (aware, in the city's zone), why it was chosen, and the way there.

    `propensity` is the probability with which this place, and no other, stood here.
    """

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
class Bent:
    """A rule that had to bend, and which wish was not met and why, in words."""

    rule: BentRule
    wish: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day in time order, and what had to bend on it."""

    day_number: int
    date: date
    stops: tuple[Stop, ...]
    bent: tuple[Bent, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The days of a trip and the seed of its exploration."""

    days: tuple[Day, ...]
    exploration_seed: int

    def stops(self) -> list[Stop]:
        """Return all stops in the order they are shown."""
        return [stop for day in self.days for stop in day.stops]
