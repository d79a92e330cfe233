"""Hands a person all that is held about them, as one JSON document.

{
  "format": "overplanned-export-1", "made_at": ...,
  "derived":  {choice_count, is_cold, warm_at}: what is computed of the signals,
  "profile":  [the row of `users`: tags, pace, persona with description and vector],
  "trips":    [rows of `trips`, each with its `slots`],
  "rankings": [rows of `behavioral_signals` that log a ranking: `context.user_state` is what was
               known of the person then, `context.full_candidate_set` what could be shown, with
               `shown` and `position`],
  "signals":  [all other rows of `behavioral_signals`],
  "requests": [answers stored under an Idempotency-Key],
  "messages": [promises to other systems that name the person, sent within the last week or not],
  "parked":   [messages that name the person and could not be taken],
  "training": [the random id that stands for the person in training files, once there is one]
}

Rows have their tables' columns as keys, times are ISO 8601 in UTC.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import datetime
from typing import Protocol

import orjson

from shared.personas.traveller import WARM_CHOICES, Traveller

FORMAT = "overplanned-export-1"
_CHUNK = 64 * 1024

Sections = AsyncGenerator[tuple[str, AsyncIterator[str]], None]
"""Each section's name with its rows as JSON texts; a section is read before the next is asked."""


class Travellers(Protocol):
    """Where travellers are known."""

    async def load(self, user_id: str) -> Traveller:
        """Return the traveller with persona and choice count; raise PersonForgotten."""


class Holdings(Protocol):
    """What is held about people."""

    def of(self, user_id: str) -> Sections:
        """Return the sections, all of one moment."""


async def export(
    user_id: str, at: datetime, travellers: Travellers, holdings: Holdings
) -> AsyncIterator[bytes]:
    """Yield the document in pieces of 64 KB or more; at most one row is held beside them."""
    traveller = await travellers.load(user_id)
    derived = {
        "choice_count": traveller.choice_count,
        "is_cold": traveller.is_cold,
        "warm_at": WARM_CHOICES,
    }
    head = {"format": FORMAT, "made_at": at.isoformat(), "derived": derived}
    piece = bytearray(orjson.dumps(head)[:-1])
    async with aclosing(_texts(holdings.of(user_id))) as texts:
        async for text in texts:
            piece += text.encode()
            if len(piece) >= _CHUNK:
                yield bytes(piece)
                piece.clear()
    yield bytes(piece + b"}")


async def _texts(sections: Sections) -> AsyncGenerator[str, None]:
    async with aclosing(sections):
        async for name, rows in sections:
            yield f',"{name}":['
            comma = ""
            async for row in rows:
                yield comma + row
                comma = ","
            yield "]"
