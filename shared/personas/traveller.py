"""A traveller and their persona, and the one gate between cold and warm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from shared.spaces.archetypes import Archetype

WARM_CHOICES: Final = 20
"""With fewer choices a traveller is cold and no ML ranker may see them (the seed's rule 8)."""

Pace = Literal["slow", "balanced", "full"]
PersonaSource = Literal["llm", "template", "sequence_model"]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who signed in."""

    id: str
    role: str

    @property
    def is_admin(self) -> bool:
        """Whether the person may call the admin routes."""
        return self.role == "admin"


@dataclass(frozen=True, slots=True)
class Persona:
    """What is known of a traveller's taste: a description, its 128 dimensions, the archetype."""

    description: str
    embedding: tuple[float, ...]
    archetype: Archetype
    space_version: int
    source: PersonaSource
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Traveller:
    """A traveller as rankings see them; `choice_count` decides cold or warm."""

    id: str
    onboarding_tags: Mapping[str, list[str]]
    pace: Pace
    persona: Persona | None
    choice_count: int

    @property
    def is_cold(self) -> bool:
        """Whether the traveller has made fewer than 20 choices."""
        return self.choice_count < WARM_CHOICES
