"""What stays of a ranking's record when its traveller leaves: the answers' side of it, no taste.

Similarities, and which 200 of a city's places were retrieved, follow from the persona's vector:
with the places' vectors at hand it could be solved from either, and both are the same in every trip
of one person. What was shown, with what odds and what score, is what answers are learned from.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from shared.nodes.node import ActivityNode

_KEPT: Final = (
    "schema_version",
    "ranking_id",
    "policy",
    "model",
    "prompt_version",
    "space_version",
    "city",
    "city_snapshot",
    "rung",
    "reason",
    "blend_weight",
    "feature_hash",
    "exploration_seed",
    "group_size",
    "trip_days",
    "day_part",
)
_KEPT_OF_MEMBER: Final = ("archetype", "is_cold")
_KEPT_OF_ARCHIVED: Final = ("archived", "sha256", "count")
_KEPT_OF_SHOWN: Final = ("node_id", "ranker_score", "confidence", "shown", "position", "propensity")
_KEPT_FEATURES: Final = ("quality", "source_tier", "category", "overrated", "cell_scores")


def forget_ranking(
    record: Mapping[str, Any], places: Sequence[ActivityNode], chance: random.Random
) -> dict[str, Any]:
    """Return the record of a ranking, marked as `forgotten`, with as many candidates as before.

    A set that lies in the archive has no candidates here; `forget_candidates` is for the archive.
    """
    candidates = record["full_candidate_set"]
    if isinstance(candidates, list):
        candidates = forget_candidates(candidates, places, chance)
    else:
        candidates = _only(candidates, _KEPT_OF_ARCHIVED)
    return {
        **{name: record[name] for name in _KEPT if name in record},
        "user_state": [_only(member, _KEPT_OF_MEMBER) for member in record.get("user_state", ())],
        "full_candidate_set": candidates,
        "forgotten": True,
    }


def forget_candidates(
    candidates: Sequence[Mapping[str, Any]], places: Iterable[ActivityNode], chance: random.Random
) -> list[dict[str, Any]]:
    """Return as many candidates, by id: those shown, without what was measured against the persona.

    The others are drawn anew from `places`, the city's, and nothing is said of them but what they
    are: that they were not shown is no answer, so nothing is learned from them. What comes back
    follows from what was shown, the places and `chance`, so the chance need not be a secret; only
    where a city has shrunk below the size of the set, old candidates make up the number.
    """
    shown = {c["node_id"]: _shown(c) for c in candidates if c["shown"]}
    city = {str(node.id): _unseen(str(node.id), _features(node)) for node in places}
    old = {c["node_id"]: _unseen(c["node_id"], c["features"]) for c in candidates}
    free, spare = city.keys() - shown.keys(), old.keys() - shown.keys() - city.keys()
    wanted = len(candidates) - len(shown)
    drawn = chance.sample(sorted(free), min(wanted, len(free)))
    drawn += chance.sample(sorted(spare), wanted - len(drawn))
    kept = [*shown.values(), *((old | city)[node_id] for node_id in drawn)]
    return sorted(kept, key=lambda candidate: str(candidate["node_id"]))


def _shown(candidate: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_only(candidate, _KEPT_OF_SHOWN),
        "retrieval_score": None,
        "sources": [],
        "features": {"similarity": None, **_only(candidate["features"], _KEPT_FEATURES)},
    }


def _unseen(node_id: str, features: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "node_id": node_id,
        "retrieval_score": None,
        "ranker_score": None,
        "confidence": None,
        "sources": [],
        "shown": False,
        "position": None,
        "propensity": None,
        "features": {
            "similarity": None,
            **_only(features, _KEPT_FEATURES),
            "cell_scores": {},
        },
    }


def _features(node: ActivityNode) -> dict[str, Any]:
    return {
        "quality": node.quality,
        "source_tier": node.source_tier,
        "category": node.category,
        "overrated": node.overrated_flag,
    }


def _only(value: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value[name] for name in names if name in value}
