"""Shows a traveller what is known of their taste."""

from typing import Any, Protocol

from shared.personas.traveller import WARM_CHOICES, Persona, Traveller


class Travellers(Protocol):
    """Where travellers are known."""

    async def load(self, user_id: str) -> Traveller:
        """Return the traveller with persona and choice count."""


async def read(travellers: Travellers, user_id: str) -> dict[str, Any]:
    """Return tags, pace, persona (null before onboarding) and how many choices make them warm."""
    traveller = await travellers.load(user_id)
    return {
        "onboarding_tags": dict(traveller.onboarding_tags),
        "pace": traveller.pace,
        "choice_count": traveller.choice_count,
        "warm_at": WARM_CHOICES,
        "is_cold": traveller.is_cold,
        "persona": traveller.persona and _show(traveller.persona),
    }


def _show(persona: Persona) -> dict[str, Any]:
    made_of = persona.made_of
    return {
        "description": persona.description,
        "archetype": persona.archetype,
        "source": persona.source,
        "space_version": persona.space_version,
        "embedding": list(persona.embedding),
        "updated_at": persona.updated_at and persona.updated_at.isoformat(),
        "made_of": made_of
        and {
            "tags": made_of.tags,
            "liked": made_of.liked,
            "passed": made_of.passed,
            "signals_until": made_of.signals_until.isoformat(),
        },
    }
