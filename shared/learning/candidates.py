"""Candidate sets as columns, and back: what is archived can be read as it was logged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import orjson

from shared.learning.training_set import CANDIDATES, FEATURES, OTHER

Logged = Mapping[str, Any]

_CANDIDATE_KEYS: Final = frozenset((*(column.name for column in CANDIDATES), "features"))
_FEATURE_KEYS: Final = frozenset(column.name for column in FEATURES)


@dataclass(frozen=True, slots=True)
class CandidateColumns:
    """Sets one after another: how many candidates each holds, and all candidates by column."""

    sizes: Sequence[int]
    columns: Mapping[str, Sequence[Any]]


def candidate_columns(sets: Sequence[Sequence[Logged]]) -> CandidateColumns:
    """Return the sets' columns; what the schema does not know goes into `other`."""
    flat = list(chain.from_iterable(sets))
    features = [candidate.get("features") or {} for candidate in flat]
    return CandidateColumns(
        sizes=[len(one) for one in sets],
        columns={
            **{column.name: _values(column.name, flat) for column in CANDIDATES},
            **{column.name: _values(column.name, features) for column in FEATURES},
            OTHER.name: list(map(_other, flat, features)),
        },
    )


def logged(candidate: Logged) -> dict[str, Any]:
    """Return a candidate of the file as it was logged; the inverse of `candidate_columns`."""
    other = orjson.loads(candidate[OTHER.name]) if candidate[OTHER.name] else [{}, {}]
    features = {column.name: candidate[column.name] for column in FEATURES}
    features["cell_scores"] = dict(features["cell_scores"] or ())
    return {
        **{column.name: candidate[column.name] for column in CANDIDATES},
        **other[0],
        "features": {**features, **other[1]},
    }


def _values(name: str, rows: Sequence[Logged]) -> list[Any]:
    return [row.get(name) for row in rows]


def _other(candidate: Logged, features: Logged) -> str | None:
    if candidate.keys() <= _CANDIDATE_KEYS and features.keys() <= _FEATURE_KEYS:
        return None
    unknown = [
        {key: value for key, value in candidate.items() if key not in _CANDIDATE_KEYS},
        {key: value for key, value in features.items() if key not in _FEATURE_KEYS},
    ]
    return orjson.dumps(unknown, option=orjson.OPT_SORT_KEYS).decode()
