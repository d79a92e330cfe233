"""The persona that a ranking sees: the traveller's own, or what stands in for it.

Who has told nothing yet is the middle of the three archetypes; who has a persona of another text
space, whose vector means nothing in this one, is their archetype until it is made anew.
"""

import math
from dataclasses import replace
from typing import Final

from shared.personas.traveller import Persona, Traveller
from shared.spaces.archetypes import (
    ARCHETYPES,
    SPACE_VERSION,
    Archetype,
    centroid,
    nearest_archetype,
)

DESCRIPTION: Final = "A traveller who has not told their tastes yet."


def _middle() -> tuple[float, ...]:
    summed = [sum(values) for values in zip(*(centroid(name) for name in ARCHETYPES), strict=True)]
    length = math.sqrt(sum(value * value for value in summed))
    return tuple(value / length for value in summed)


MIDDLE: Final = _middle()
MIDDLE_ARCHETYPE: Final[Archetype] = nearest_archetype(MIDDLE)


def persona_of(traveller: Traveller) -> Persona:
    """Return the traveller's persona in text space SPACE_VERSION, or the one that stands in."""
    own = traveller.persona
    if own is not None and own.space_version == SPACE_VERSION:
        return own
    if own is not None:
        return replace(
            own,
            embedding=centroid(own.archetype),
            space_version=SPACE_VERSION,
            source="template",
            made_of=None,
        )
    return Persona(
        description=DESCRIPTION,
        embedding=MIDDLE,
        archetype=MIDDLE_ARCHETYPE,
        space_version=SPACE_VERSION,
        source="template",
        updated_at=None,
    )


def why_a_stand_in(traveller: Traveller) -> str | None:
    """Return why another vector stands in for the traveller's own; None where none does."""
    own = traveller.persona
    if own is None or own.space_version == SPACE_VERSION:
        return None
    return (
        f"your persona is of text space {own.space_version} and this one is {SPACE_VERSION}, "
        f"so your archetype {own.archetype} stands in for it"
    )
