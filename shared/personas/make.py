"""Makes a persona: a description → encoder → 128 dimensions → archetype."""

from datetime import datetime
from typing import Protocol

from shared.personas.description import (
    Material,
    ask_for_description,
    read_description,
    template_description,
)
from shared.personas.taste import settled
from shared.personas.traveller import MadeOf, Persona, PersonaSource
from shared.spaces.archetypes import SPACE_VERSION, nearest_archetype
from shared.spend.llm import Llm


class Encoder(Protocol):
    """Texts in the persona space."""

    async def to_persona(self, text: str) -> tuple[float, ...]:
        """Return the text's 128 dimensions."""


async def describe(
    material: Material, at: datetime, llm: Llm, seconds: float, encoder: Encoder
) -> Persona:
    """Return the persona in the language model's words; raise LlmUnavailable."""
    answer = await llm.ask(ask_for_description(material), seconds)
    return await _embed(read_description(answer), "llm", material, at, encoder)


async def describe_by_template(material: Material, at: datetime, encoder: Encoder) -> Persona:
    """Return the persona in a sentence made of the material, for when the model is away."""
    return await _embed(template_description(material), "template", material, at, encoder)


async def _embed(
    text: str, source: PersonaSource, material: Material, at: datetime, encoder: Encoder
) -> Persona:
    embedding = await encoder.to_persona(text)
    return Persona(
        description=text,
        embedding=embedding,
        archetype=nearest_archetype(embedding),
        space_version=SPACE_VERSION,
        source=source,
        updated_at=at,
        made_of=MadeOf(
            tags=material.tag_count,
            liked=len(material.taste.liked),
            passed=len(material.taste.passed),
            signals_until=settled(at),
        ),
    )
