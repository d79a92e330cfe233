"""Turns onboarding tags into a persona: description → encoder → 128 dimensions → archetype."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from shared.personas.onboarding import (
    Onboarding,
    ask_for_description,
    read_description,
    template_description,
)
from shared.personas.traveller import Pace, Persona, PersonaSource
from shared.runtime import log
from shared.spaces.archetypes import SPACE_VERSION, nearest_archetype
from shared.spend.llm import Llm, LlmUnavailable

_DESCRIBE_SECONDS = 8.0


class Encoder(Protocol):
    """Texts in the persona space."""

    async def to_persona(self, text: str) -> tuple[float, ...]:
        """Return the text's 128 dimensions."""


class Travellers(Protocol):
    """Where travellers are known."""

    async def save_onboarding(
        self, user_id: str, tags: Mapping[str, list[str]], pace: Pace | None, persona: Persona
    ) -> None:
        """Store the tags, the pace and the persona."""


async def save(
    onboarding: Onboarding,
    user_id: str,
    at: datetime,
    llm: Llm,
    encoder: Encoder,
    travellers: Travellers,
) -> dict[str, Any]:
    """Return the traveller's new persona; with the language model away the tags speak for it."""
    description, source = await _describe(onboarding, llm)
    embedding = await encoder.to_persona(description)
    persona = Persona(
        description=description,
        embedding=embedding,
        archetype=nearest_archetype(embedding),
        space_version=SPACE_VERSION,
        source=source,
        updated_at=at,
    )
    await travellers.save_onboarding(user_id, onboarding.tags, onboarding.pace, persona)
    log.event("persona.described", source=source, archetype=persona.archetype)
    return {
        "description": description,
        "archetype": persona.archetype,
        "space_version": SPACE_VERSION,
        "source": source,
    }


async def _describe(onboarding: Onboarding, llm: Llm) -> tuple[str, PersonaSource]:
    try:
        answer = await llm.ask(ask_for_description(onboarding), _DESCRIBE_SECONDS)
        return read_description(answer), "llm"
    except LlmUnavailable as error:
        log.event("persona.template", reason=error.outcome)
        return template_description(onboarding), "template"
