"""Owns the reply to a request: its text, why it stops there, what it cost, and its JSON bodies."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import orjson

from emulators.anthropic import answer, nodes, prompt, scalars, subjects, tokens
from emulators.anthropic.request import MessagesRequest

GARBAGE = "Certainly! Here is what I found, though not in the form you asked for: {best: c0"
REFUSED = "This request was declined."


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished reply. `pieces` are its text's tokens in order."""

    id: str
    model: str
    pieces: list[str]
    stop_reason: str
    stop_sequence: str | None
    input_tokens: int
    stop_details: dict[str, Any] | None = None


def compose(request: MessagesRequest, mode: str = "") -> Reply:
    """The reply to `request`, the same for the same request; `mode` is a fault to show in it."""
    made = _stopped(request, GARBAGE if mode == "garbage" else _text(request, mode))
    if mode == "cut_off":
        return replace(made, pieces=made.pieces[: len(made.pieces) // 2], stop_reason="max_tokens")
    if mode == "refusal":
        details = {"type": "refusal", "category": None, "explanation": REFUSED}
        return replace(made, pieces=[], stop_reason="refusal", stop_details=details)
    return made


def message(reply: Reply) -> dict[str, Any]:
    """The reply as a non-streaming answer's body."""
    content = [{"type": "text", "text": "".join(reply.pieces)}] if reply.pieces else []
    return opened(reply) | {
        "content": content,
        "stop_reason": reply.stop_reason,
        "stop_sequence": reply.stop_sequence,
        "stop_details": reply.stop_details,
        "usage": usage(reply.input_tokens, len(reply.pieces)),
    }


def opened(reply: Reply) -> dict[str, Any]:
    """The message before its first token, as message_start shows it."""
    return {
        "id": reply.id,
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "usage": usage(reply.input_tokens, 1),
    }


def usage(input_tokens: int, output_tokens: int) -> dict[str, Any]:
    """What a reply cost; nothing is ever read from or written to a prompt cache here."""
    return {
        "input_tokens": input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output_tokens,
        "service_tier": "standard",
        "inference_geo": "not_available",
    }


def _text(request: MessagesRequest, mode: str) -> str:
    read = prompt.read(request.system, request.user, nodes.all_options(request.schema))
    if request.schema is None:
        return scalars.text(read, subjects.whole(read))
    value = answer.compose(read, request.schema)
    return orjson.dumps(_repeating(value) if mode == "duplicates" else value).decode()


def _stopped(request: MessagesRequest, text: str) -> Reply:
    """`text` cut at the first stop sequence, then at max_tokens."""
    reason, sequence = "end_turn", None
    found = [(text.find(one), one) for one in request.stop_sequences if one in text]
    if found:
        at, sequence = min(found)
        text, reason = text[:at], "stop_sequence"
    pieces = tokens.split(text)
    if len(pieces) > request.max_tokens:
        pieces, reason, sequence = pieces[: request.max_tokens], "max_tokens", None
    return Reply(_id(request), request.model, pieces, reason, sequence, request.input_tokens)


def _repeating(value: Any) -> Any:
    """`value` with every second item of each array replaced by the one before it."""
    if isinstance(value, dict):
        return {name: _repeating(one) for name, one in value.items()}
    if isinstance(value, list):
        if len(value) == 1:
            return [_repeating(value[0])] * 2
        return [_repeating(value[at - at % 2]) for at in range(len(value))]
    return value


def _id(request: MessagesRequest) -> str:
    # From the content, so that the same request gets the same bytes.
    asked = [request.model, request.system, request.user, request.max_tokens, request.schema]
    return f"msg_01{hashlib.blake2b(orjson.dumps(asked), digest_size=11).hexdigest()}"
