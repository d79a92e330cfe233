"""Texts as personas and as node vectors: the encoder joined to the space fitted on it."""

from collections.abc import Sequence
from typing import Protocol

from shared.spaces.projection import TextSpace, Vectors


class TextEncoder(Protocol):
    """Whatever turns texts into (n, 384) vectors of length 1."""

    weights_sha256: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors in the order of the texts."""


class TextVectors:
    """Raises SpaceMismatch at once where the space was fitted on another encoder."""

    def __init__(self, encoder: TextEncoder, space: TextSpace) -> None:
        space.require_encoder(encoder.weights_sha256)
        self._encoder = encoder
        self._space = space
        self.space_version = space.version

    def personas(self, texts: Sequence[str]) -> Vectors:
        """Persona descriptions as (n, 128) vectors of length 1."""
        return self._space.to_persona(self._encoder.encode(texts))

    def vibes(self, sentences: Sequence[str]) -> Vectors:
        """Canonical node sentences as (n, 64) vectors of length 1."""
        return self._space.to_vibe(self._encoder.encode(sentences))
