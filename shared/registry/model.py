"""A version of a model, by the role that it plays."""

from dataclasses import dataclass
from typing import Literal

ModelName = Literal[
    "llm_ranker",
    "warm_ranker",
    "persona_sequence",
    "retrieval_towers",
    "vibe_tagger",
    "pivot_acceptance",
    "text_space",
]


@dataclass(frozen=True, slots=True)
class Model:
    """A row of the registry."""

    name: ModelName
    version: str

    def __str__(self) -> str:
        """As a response's X-Model-Version names it."""
        return f"{self.name}/{self.version}"
