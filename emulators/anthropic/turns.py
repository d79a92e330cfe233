"""Owns the turns of a conversation as a request states them: who said what, in text alone."""

from typing import Any, NoReturn

from emulators.anthropic.errors import InvalidRequest, Unsupported
from emulators.anthropic.models import Generation

MOST_MESSAGES = 100_000

Turn = tuple[str, str]  # role, text


def read(messages: Any, taken: Generation) -> list[Turn]:
    """The turns of a request's `messages`. Raises ApiError as the real API answers to them."""
    if not isinstance(messages, list):
        raise InvalidRequest("messages: Input should be a valid list")
    if not messages:
        raise InvalidRequest("messages: at least one message is required")
    if len(messages) > MOST_MESSAGES:
        raise InvalidRequest(f"messages: List should have at most {MOST_MESSAGES} items")
    found = [_turn(message, at, taken) for at, message in enumerate(messages)]
    for at, (_, content) in enumerate(found[:-1]):
        if not content.strip():
            raise InvalidRequest(f"messages.{at}: all messages must have non-empty content")
    if found[-1][0] == "assistant":
        _refuse_prefill(taken)
    return found


def by(role: str, turns: list[Turn]) -> list[str]:
    """The texts of one role's turns."""
    return [text for said_by, text in turns if said_by == role]


def text(content: Any, where: str) -> str:
    """The text of a message's or the system's content, `where` it stands in the request."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise InvalidRequest(f"{where}: Input should be a valid string or list")
    texts = []
    for at, block in enumerate(content):
        kind = block.get("type") if isinstance(block, dict) else None
        if kind is None:
            raise InvalidRequest(f"{where}.{at}.type: Field required")
        if kind != "text":
            raise Unsupported(f"A content block of type '{kind}'")
        if not isinstance(block.get("text"), str) or not block["text"]:
            raise InvalidRequest(f"{where}.{at}: text content blocks must be non-empty")
        texts.append(block["text"])
    return "\n".join(texts)


def _turn(message: Any, at: int, taken: Generation) -> Turn:
    if not isinstance(message, dict):
        raise InvalidRequest(f"messages.{at}: Input should be a valid dictionary")
    role = message.get("role")
    if role not in ("user", "assistant") and not (role == "system" and taken.system_messages):
        raise InvalidRequest(f"messages.{at}.role: Input should be 'user' or 'assistant'")
    return role, text(message.get("content"), f"messages.{at}.content")


def _refuse_prefill(taken: Generation) -> NoReturn:
    if taken.prefill:
        raise Unsupported("Assistant prefill")
    raise InvalidRequest(
        "This model does not support assistant message prefill. "
        "The conversation must end with a user message."
    )
