"""Embeds texts off the event loop; the encoder is opened by the first text."""

import asyncio
from collections.abc import Callable, Sequence

from shared.spaces.text_vectors import TextVectors


class Embedder:
    """Texts as vectors for operations: opened once, computed in a thread of its own."""

    def __init__(self, open_vectors: Callable[[], TextVectors]) -> None:
        self._open = open_vectors
        self._opened: TextVectors | None = None
        self._opening = asyncio.Lock()

    async def to_persona(self, text: str) -> tuple[float, ...]:
        """Return a persona description's 128 dimensions, of length 1."""
        vectors = await self._vectors()
        (persona,) = await asyncio.to_thread(vectors.personas, [text])
        return tuple(float(value) for value in persona)

    async def to_vibes(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return each canonical node sentence's 64 dimensions, of length 1."""
        vectors = await self._vectors()
        vibes = await asyncio.to_thread(vectors.vibes, texts)
        return [tuple(float(value) for value in vibe) for vibe in vibes]

    async def _vectors(self) -> TextVectors:
        async with self._opening:
            if self._opened is None:
                self._opened = await asyncio.to_thread(self._open)
        return self._opened
