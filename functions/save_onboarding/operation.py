"""Turns onboarding tags, and what was answered since, into a persona."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.personas.description import Material
from shared.personas.make import Encoder, describe, describe_by_template
from shared.personas.onboarding import Onboarding
from shared.personas.taste import Answer, settled, taste_of
from shared.personas.traveller import Pace, Persona
from shared.runtime import log
from shared.spend.llm import Llm, LlmUnavailable

_DESCRIBE_SECONDS = 8.0


class Travellers(Protocol):
    """Where travellers are known."""

    async def save_onboarding(
        self, user_id: str, tags: Mapping[str, list[str]], pace: Pace | None, persona: Persona
    ) -> None:
        """Store the tags, the pace and the persona."""


class Personas(Protocol):
    """Where answers are known."""

    async def answers(self, user_id: str, until: datetime) -> Sequence[Answer]:
        """Return what the traveller said of places."""


async def save(
    onboarding: Onboarding,
    user_id: str,
    at: datetime,
    llm: Llm,
    encoder: Encoder,
    travellers: Travellers,
    personas: Personas,
) -> dict[str, Any]:
    """Return the traveller's new persona; with the language model away the tags speak for it."""
    answers = await personas.answers(user_id, settled(at))
    material = Material(onboarding.tags, onboarding.pace, taste_of(answers, at))
    try:
        persona = await describe(material, at, llm, _DESCRIBE_SECONDS, encoder)
    except LlmUnavailable as error:
        log.event("persona.template", reason=error.outcome)
        persona = await describe_by_template(material, at, encoder)
    await travellers.save_onboarding(user_id, onboarding.tags, onboarding.pace, persona)
    log.event("persona.described", source=persona.source, archetype=persona.archetype)
    return {
        "description": persona.description,
        "archetype": persona.archetype,
        "space_version": persona.space_version,
        "source": persona.source,
    }
