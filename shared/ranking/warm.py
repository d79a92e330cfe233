"""Warm parties: the port of a ranker that learned, and what is said while none serves."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from shared.personas.gate import WarmParty
from shared.ranking.candidates import Candidate
from shared.registry.model import Model


class MlRanker(Protocol):
    """A ranker that learned from choices; a `WarmParty` is all that it may rank for."""

    async def rank(self, party: WarmParty, candidates: Sequence[Candidate]) -> dict[UUID, float]:
        """Return each candidate's worth to the party, 0 to 1."""


def why_the_language_model(party: WarmParty, production: Model | None) -> str:
    """Return why the language model ranks for a party that an ML ranker may serve.

    None of ours can be run yet, whatever the registry has in production.
    """
    choices = min(member.choice_count for member in party.members)
    if production is None:
        return (
            f"no warm ranker is in production yet for travellers with {choices} choices, "
            "so the language model ranks"
        )
    return f"{production} is in production but cannot be run here, so the language model ranks"
