"""The persona of someone who has told us nothing yet: the middle between the three archetypes."""

import math
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
    """Return the traveller's persona, or the middle of the archetypes where there is none."""
    if traveller.persona is not None:
        return traveller.persona
    return Persona(
        description=DESCRIPTION,
        embedding=MIDDLE,
        archetype=MIDDLE_ARCHETYPE,
        space_version=SPACE_VERSION,
        source="template",
        updated_at=None,
    )
