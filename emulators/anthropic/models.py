"""Owns the catalogue of models: those the official client names, and what each refuses."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Generation:
    """What the models of one generation take; what they do not take is a 400."""

    sampling: bool  # temperature, top_p and top_k other than their defaults
    prefill: bool  # a last message by the assistant
    system_messages: bool  # role "system" among the messages
    max_input_tokens: int
    max_tokens: int


# From people's reports of the real API's answers. [?] the token limits from 4.6 on, and what
# claude-mythos-preview refuses.
CLAUDE_4_5 = Generation(True, True, False, 200_000, 64_000)
CLAUDE_4_6 = Generation(True, False, False, 1_000_000, 128_000)
CLAUDE_4_7 = Generation(False, False, False, 1_000_000, 128_000)
CLAUDE_4_8 = Generation(False, False, True, 1_000_000, 128_000)
CLAUDE_5 = CLAUDE_4_8

UNKNOWN_DATE = "1970-01-01"  # the API's own way to say so

# Newest first, in the order of anthropic.types.model (client 2.12).
_CATALOGUE: dict[str, tuple[Generation, str]] = {
    "claude-fable-5-2": (CLAUDE_5, UNKNOWN_DATE),
    "claude-mythos-5-2": (CLAUDE_5, UNKNOWN_DATE),
    "claude-haiku-5-5": (CLAUDE_5, UNKNOWN_DATE),
    "claude-sonnet-5-5": (CLAUDE_5, UNKNOWN_DATE),
    "claude-fable-5-1": (CLAUDE_5, UNKNOWN_DATE),
    "claude-opus-5-5": (CLAUDE_5, UNKNOWN_DATE),
    "claude-mythos-5-1": (CLAUDE_5, UNKNOWN_DATE),
    "claude-sonnet-5": (CLAUDE_5, UNKNOWN_DATE),
    "claude-fable-5": (CLAUDE_5, UNKNOWN_DATE),
    "claude-mythos-5": (CLAUDE_5, UNKNOWN_DATE),
    "claude-opus-5": (CLAUDE_5, UNKNOWN_DATE),
    "claude-opus-4-8": (CLAUDE_4_8, UNKNOWN_DATE),
    "claude-opus-4-7": (CLAUDE_4_7, "2026-04-16"),
    "claude-mythos-preview": (CLAUDE_4_7, UNKNOWN_DATE),
    "claude-opus-4-6": (CLAUDE_4_6, "2026-02-05"),
    "claude-sonnet-4-6": (CLAUDE_4_6, "2026-02-17"),
    "claude-haiku-4-5-20251001": (CLAUDE_4_5, "2025-10-01"),
    "claude-opus-4-5-20251101": (CLAUDE_4_5, "2025-11-01"),
    "claude-sonnet-4-5-20250929": (CLAUDE_4_5, "2025-09-29"),
}
_ALIASES = {
    "claude-haiku-4-5": "claude-haiku-4-5-20251001",
    "claude-opus-4-5": "claude-opus-4-5-20251101",
    "claude-sonnet-4-5": "claude-sonnet-4-5-20250929",
}


def resolve(name: str) -> str | None:
    """The id that a model's id or alias stands for; None where there is no such model."""
    id = _ALIASES.get(name, name)
    return id if id in _CATALOGUE else None


def generation(id: str) -> Generation:
    """What the model with this id takes."""
    return _CATALOGUE[id][0]


def listing(limit: int, after: str | None, before: str | None) -> dict[str, Any]:
    """One page of the catalogue, newest first, as GET /v1/models gives it."""
    ids = list(_CATALOGUE)
    if before in _CATALOGUE:
        ids = ids[: ids.index(before)]
        page = ids[-limit:]
    else:
        ids = ids[ids.index(after) + 1 :] if after in _CATALOGUE else ids
        page = ids[:limit]
    return {
        "data": [described(id) for id in page],
        "has_more": len(page) < len(ids),
        "first_id": page[0] if page else None,
        "last_id": page[-1] if page else None,
    }


def described(id: str) -> dict[str, Any]:
    """The model as the Models API describes it."""
    taken, created = _CATALOGUE[id]
    line, *version = id.split("-")[1:]
    return {
        "type": "model",
        "id": id,
        "display_name": f"Claude {line.title()} {'.'.join(version[:2])}",
        "created_at": f"{created}T00:00:00Z",
        "deprecated_at": None,
        "retires_at": None,
        "lifecycle": "active",
        "line": line,
        "max_input_tokens": taken.max_input_tokens,
        "max_tokens": taken.max_tokens,
        "capabilities": None,
    }
