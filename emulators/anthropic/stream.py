"""Owns the events of a streamed reply, in the order and shape of the real API, at its pace."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson

from emulators.anthropic import reply
from emulators.anthropic.pace import Timer
from emulators.anthropic.reply import Reply

# The real API sends a few tokens in each delta.
TOKENS_PER_DELTA = 6


async def events(made: Reply, timer: Timer) -> AsyncIterator[bytes]:
    """The server-sent events of a reply, each delta when its last token is due."""
    await timer.tokens_due(0)
    yield _event("message_start", message=reply.opened(made))
    if made.pieces:
        yield _event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    yield _event("ping")
    for sent, text in _deltas(made.pieces):
        await timer.tokens_due(sent)
        delta = {"type": "text_delta", "text": text}
        yield _event("content_block_delta", index=0, delta=delta)
    if made.pieces:
        yield _event("content_block_stop", index=0)
    yield _event("message_delta", delta=_stop(made), usage=_final_usage(made))
    yield _event("message_stop")


def _deltas(pieces: list[str]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(pieces), TOKENS_PER_DELTA):
        some = pieces[start : start + TOKENS_PER_DELTA]
        yield start + len(some), "".join(some)


def _stop(made: Reply) -> dict[str, Any]:
    return {
        "stop_reason": made.stop_reason,
        "stop_sequence": made.stop_sequence,
        "stop_details": made.stop_details,
    }


def _final_usage(made: Reply) -> dict[str, Any]:
    totals = reply.usage(made.input_tokens, len(made.pieces))
    return {name: totals[name] for name in totals if name.endswith("tokens")}


def _event(kind: str, **members: object) -> bytes:
    data = orjson.dumps({"type": kind} | members)
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), data)
