"""Whose persona is to be made anew: the shards of a run, and what is known of one traveller."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.personas.traveller import Pace, PersonaSource


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `index` of `count`, by a hash of the traveller's id."""

    index: int
    count: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A traveller with news for their persona, and which persona they have, if any."""

    user_id: str
    onboarding_tags: Mapping[str, list[str]]
    pace: Pace
    source: PersonaSource | None
    updated_at: datetime | None
