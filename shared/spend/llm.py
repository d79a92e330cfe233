"""A question to the language model and what came back, apart from who is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Purpose = Literal["describe_persona", "rank_cell", "narrate", "extract_vibes", "arbitrate"]

Outcome = Literal[
    "answered", "cut_off", "refused", "garbage", "rate_limited", "overloaded", "failed", "late"
]


@dataclass(frozen=True, slots=True)
class Question:
    """One request: what it is for, the instructions, the material, and the schema of the answer."""

    purpose: Purpose
    system: str
    text: str
    schema: Mapping[str, Any]
    max_tokens: int
    prompt_version: str


@dataclass(frozen=True, slots=True)
class LlmAnswer:
    """The parsed answer: a JSON object that follows the question's schema in shape and enums."""

    value: Mapping[str, Any]
    model: str


class LlmUnavailable(Exception):
    """No usable answer came; `outcome` says why."""

    def __init__(self, outcome: Outcome, detail: str = "") -> None:
        super().__init__(f"{outcome}: {detail}" if detail else outcome)
        self.outcome = outcome


class Llm(Protocol):
    """Answers questions under a schema."""

    async def ask(self, question: Question, seconds: float) -> LlmAnswer:
        """Return the answer within `seconds`; raise LlmUnavailable."""
