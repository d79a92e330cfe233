"""Vectors of the text space in plain Python, for functions that would not import numpy for them."""

import math
from collections.abc import Sequence
from typing import Final

SPACE_VERSION: Final = 1
PERSONA_DIMENSIONS: Final = 128
VIBE_DIMENSIONS: Final = 64


class SpaceMismatch(ValueError):
    """Vectors of two spaces were about to be compared."""


def require_same_space(left: int, right: int) -> None:
    """Raise SpaceMismatch unless both versions are one."""
    if left != right:
        raise SpaceMismatch(
            f"A vector of text space {left} cannot be compared with one of text space {right}: "
            "embed one of them again."
        )


def to_vibe(persona: Sequence[float]) -> list[float]:
    """A persona's 128 dimensions as a node's 64: the first 64 of the same basis, length 1."""
    if len(persona) != PERSONA_DIMENSIONS:
        raise ValueError(f"A persona has {PERSONA_DIMENSIONS} dimensions, not {len(persona)}.")
    head = persona[:VIBE_DIMENSIONS]
    length = math.hypot(*head)
    if not length:
        raise ValueError("A persona whose first 64 dimensions are all 0 has no direction.")
    return [value / length for value in head]


def cosine(left: Sequence[float], right: Sequence[float]) -> float:
    """Cosine similarity, -1 to 1; 0 where one of them is all zeros."""
    lengths = math.hypot(*left) * math.hypot(*right)
    if not lengths:
        return 0.0
    return sum(a * b for a, b in zip(left, right, strict=True)) / lengths
