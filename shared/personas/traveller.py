"""A traveller and their persona."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from shared.spaces.archetypes import Archetype

WARM_CHOICES: Final = 20
"""With fewer choices a traveller is cold, and gate.py lets no ML ranker see them (the seed's 8)."""

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
class MadeOf:
    """How many tags, liked and passed places a description was made of, and up to which signals."""

    tags: int
    liked: int
    passed: int
    signals_until: datetime


@dataclass(frozen=True, slots=True)
class Persona:
    """What is known of a traveller's taste: a description, its 128 dimensions, the archetype.

    `made_of` is None where nobody noted it: a stand-in, or a persona older than the note.
    """

    description: str
    embedding: tuple[float, ...]
    archetype: Archetype
    space_version: int
    source: PersonaSource
    updated_at: datetime | None
    made_of: MadeOf | None = None


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
