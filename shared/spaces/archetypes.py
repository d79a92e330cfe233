"""The three archetypes that stand in for travellers of whom little is known."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from shared.spaces.vectors import SPACE_VERSION, cosine, require_same_space, to_vibe

__all__ = [
    "ARCHETYPES",
    "SPACE_VERSION",
    "Archetype",
    "centroid",
    "cosine",
    "description",
    "nearest_archetype",
    "to_vibe",
]

Archetype = Literal["food_first", "culture_first", "outdoors_first"]

ARCHETYPES: Final[tuple[Archetype, ...]] = ("food_first", "culture_first", "outdoors_first")
_FILE: Final = Path(__file__).with_name("archetypes_1.json")


def description(name: Archetype) -> str:
    """The archetype as a persona description of two or three sentences."""
    text: str = _shipped()[name]["description"]
    return text


def centroid(name: Archetype) -> tuple[float, ...]:
    """The archetype's 128 dimensions in text space SPACE_VERSION, of length 1."""
    values: tuple[float, ...] = _shipped()[name]["centroid"]
    return values


def nearest_archetype(vector: Sequence[float]) -> Archetype:
    """The archetype with the greatest cosine to 128 dimensions; of equals the first named."""
    return max(ARCHETYPES, key=lambda name: cosine(vector, centroid(name)))


@cache
def _shipped() -> dict[str, Any]:
    shipped = json.loads(_FILE.read_text())
    require_same_space(shipped["space_version"], SPACE_VERSION)
    return {
        name: {"description": one["description"], "centroid": tuple(one["centroid"])}
        for name, one in shipped["archetypes"].items()
    }
