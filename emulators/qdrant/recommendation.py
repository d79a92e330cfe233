"""Owns the average-vector strategy of recommendation, which Qdrant computes before it searches."""

from typing import Any

from emulators.qdrant.errors import bad_request, unsupported


def average_vector(positives: list[Any], negatives: list[Any]) -> list[float]:
    """mean(positives), moved away from mean(negatives) by their difference.

    Source: Qdrant's documentation of the strategy `average_vector`:
    avg(positive) + (avg(positive) - avg(negative)). Raises QdrantError 400 without a positive.
    """
    if not positives:
        raise bad_request("At least one positive vector ID required with this strategy")
    if not all(map(_is_dense, positives + negatives)):
        raise unsupported("average_vector over vectors that are not dense")
    liked = _mean(positives)
    if not negatives:
        return liked
    disliked = _mean(negatives)
    return [2 * up - down for up, down in zip(liked, disliked, strict=True)]


def _is_dense(vector: Any) -> bool:
    return type(vector) is list and type(vector[0]) in (int, float)


def _mean(vectors: list[Any]) -> list[float]:
    return [sum(column) / len(vectors) for column in zip(*vectors, strict=True)]
