"""The text space: one fitted basis from the encoder's 384 dimensions to personas and nodes."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.spaces.vectors import (
    PERSONA_DIMENSIONS,
    SPACE_VERSION,
    VIBE_DIMENSIONS,
    SpaceMismatch,
    require_same_space,
)

Vectors = NDArray[np.float32]

TEXT_DIMENSIONS: Final = 384
_FILE: Final = Path(__file__).with_name("text_space_1.npz")
_SHA256: Final = "8c3163396466be21b786d2fa89a8a4c78fb389d815602ff91b2351b9d6fdaf91"


class SpaceCorrupt(Exception):
    """The shipped basis is not the one that this code was released with."""


@dataclass(frozen=True, slots=True, eq=False)
class TextSpace:
    """Version, basis (384 x 128, orthonormal columns) and the encoder weights it was fitted on."""

    version: int
    basis: Vectors
    weights_sha256: str

    @classmethod
    def shipped(cls) -> "TextSpace":
        """The space of this release; raises SpaceCorrupt where its file was changed."""
        space = cls.load(_FILE, _SHA256)
        require_same_space(space.version, SPACE_VERSION)
        return space

    @classmethod
    def load(cls, path: Path, sha256: str) -> "TextSpace":
        """A space that fit.py wrote; raises SpaceCorrupt unless the file has this sha256."""
        raw = path.read_bytes()
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise SpaceCorrupt(f"{path.name} does not have the sha256 that its loader expects.")
        with np.load(io.BytesIO(raw), allow_pickle=False) as file:
            return cls(int(file["version"]), file["basis"], str(file["weights_sha256"]))

    def require_encoder(self, weights_sha256: str) -> None:
        """Raise SpaceMismatch unless texts are encoded by the weights the basis was fitted on."""
        if weights_sha256 != self.weights_sha256:
            raise SpaceMismatch(
                f"Text space {self.version} was fitted on encoder weights "
                f"{self.weights_sha256[:12]}, not {weights_sha256[:12]}: fit a new version."
            )

    def to_persona(self, texts: Vectors) -> Vectors:
        """Encoded texts, (n, 384) or (384,), as personas of length 1, (n, 128) or (128,)."""
        return _unit(texts @ self.basis)

    def to_vibe(self, texts: Vectors) -> Vectors:
        """Encoded texts, (n, 384) or (384,), as node vectors of length 1, (n, 64) or (64,)."""
        return _unit(texts @ self.basis[:, :VIBE_DIMENSIONS])

    def vibe_of_persona(self, personas: Vectors) -> Vectors:
        """Personas, (n, 128) or (128,), as node vectors of length 1: what to_vibe would give."""
        if personas.shape[-1] != PERSONA_DIMENSIONS:
            raise ValueError(f"A persona has {PERSONA_DIMENSIONS} dimensions.")
        return _unit(personas[..., :VIBE_DIMENSIONS])


def _unit(vectors: NDArray[np.floating[Any]]) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not np.all(lengths > 0):
        raise ValueError("A vector of length 0 has no direction in the text space.")
    scaled: Vectors = (vectors / lengths).astype(np.float32)
    return scaled
