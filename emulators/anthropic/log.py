"""Owns what is remembered of the requests: totals per model and the latest prompts, cut short."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from emulators.anthropic.reply import Reply
from emulators.anthropic.request import MessagesRequest

PROMPTS_KEPT = 50
CHARACTERS_KEPT = 2_000


@dataclass(slots=True)
class PromptLog:
    """Counts requests per model and tokens, and keeps the latest PROMPTS_KEPT prompts."""

    models: Counter[str] = field(default_factory=Counter)
    input_tokens: int = 0
    output_tokens: int = 0
    _prompts: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=PROMPTS_KEPT))

    def asked(self, request: MessagesRequest) -> dict[str, Any]:
        """Notes a request; the entry returned is filled in by `answered`."""
        self.models[request.model] += 1
        self.input_tokens += request.input_tokens
        entry = {
            "model": request.model,
            "system": request.system[:CHARACTERS_KEPT],
            "user": request.user[:CHARACTERS_KEPT],
            "input_tokens": request.input_tokens,
        }
        self._prompts.append(entry)
        return entry

    def answered(self, entry: dict[str, Any], reply: Reply) -> None:
        """Notes the reply to a request noted before."""
        self.output_tokens += len(reply.pieces)
        entry["stop_reason"] = reply.stop_reason
        entry["output_tokens"] = len(reply.pieces)

    def state(self) -> dict[str, Any]:
        """{"models": {id: count}, "tokens": {"input", "output"}, "prompts": [...]}."""
        return {
            "models": dict(self.models),
            "tokens": {"input": self.input_tokens, "output": self.output_tokens},
            "prompts": list(self._prompts),
        }

    def clear(self) -> None:
        """Forgets everything."""
        self.models.clear()
        self._prompts.clear()
        self.input_tokens = self.output_tokens = 0
