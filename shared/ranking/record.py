"""The record of one ranking: everything that can never be recovered later (DESIGN.md 5)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shared.personas.default import persona_of
from shared.personas.traveller import Traveller
from shared.ranking.candidates import BLEND_WEIGHT, Candidate, Scores
from shared.ranking.cells import Edition
from shared.ranking.ladder import Served

RECORD_SCHEMA: Final = 1
POLICY: Final = "cells-1"

FEATURES: Final = (
    "similarity",
    "quality",
    "source_tier",
    "category",
    "overrated",
    "cell_scores",
)
FEATURE_HASH: Final = hashlib.sha256("\n".join(FEATURES).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a candidate was shown: its position in the trip from 1, and the odds of that."""

    position: int
    propensity: float


@dataclass(frozen=True, slots=True)
class RankingFacts:
    """What a ranking was made of, beside its candidates."""

    ranking_id: UUID
    request_id: str
    edition: Edition
    served: Served
    party: Sequence[Traveller]
    trip_days: int
    exploration_seed: int


def candidate_set_context(
    facts: RankingFacts,
    candidates: Sequence[Candidate],
    scores: Scores,
    shown: Mapping[UUID, Shown],
) -> dict[str, Any]:
    """Return the context of a `candidate_set_logged` signal, with min(200, eligible) candidates."""
    return {
        "schema_version": RECORD_SCHEMA,
        "ranking_id": str(facts.ranking_id),
        "request_id": facts.request_id,
        "policy": POLICY,
        "model": facts.edition.model,
        "prompt_version": facts.edition.prompt_version,
        "space_version": facts.edition.space_version,
        "city": facts.edition.city,
        "city_snapshot": facts.edition.snapshot,
        "rung": facts.served.rung,
        "reason": facts.served.reason,
        "blend_weight": BLEND_WEIGHT,
        "feature_hash": FEATURE_HASH,
        "exploration_seed": facts.exploration_seed,
        "group_size": len(facts.party),
        "trip_days": facts.trip_days,
        "day_part": None,
        "user_state": [_user_state(member) for member in facts.party],
        "full_candidate_set": [
            _candidate(candidate, scores, shown.get(candidate.node.id)) for candidate in candidates
        ],
    }


def _user_state(member: Traveller) -> dict[str, Any]:
    persona = persona_of(member)
    return {
        "persona_embedding": list(persona.embedding),
        "persona_source": persona.source if member.persona else "default",
        "space_version": persona.space_version,
        "archetype": persona.archetype,
        "choice_count": member.choice_count,
        "is_cold": member.is_cold,
    }


def _candidate(candidate: Candidate, scores: Scores, shown: Shown | None) -> dict[str, Any]:
    ranker_score, confidence = scores.best(candidate)
    node = candidate.node
    return {
        "node_id": str(node.id),
        "retrieval_score": candidate.retrieval_score,
        "ranker_score": ranker_score,
        "confidence": confidence,
        "sources": [candidate.source],
        "shown": shown is not None,
        "position": shown.position if shown else None,
        "propensity": shown.propensity if shown else None,
        "features": {
            "similarity": candidate.similarity,
            "quality": node.quality,
            "source_tier": node.source_tier,
            "category": node.category,
            "overrated": node.overrated_flag,
            "cell_scores": scores.by_moment(candidate),
        },
    }
