"""One basis places personas and nodes, so that they can be compared."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from shared.spaces import projection
from shared.spaces.onnx import Encoder
from shared.spaces.projection import SpaceCorrupt, TextSpace
from shared.spaces.text_vectors import TextVectors
from shared.spaces.vectors import SpaceMismatch, to_vibe

SHIPPED = Path(projection.__file__).with_name("text_space_1.npz")
TEXTS = np.random.default_rng(0).normal(size=(20, 384)).astype(np.float32)


def test_the_axes_are_orthonormal(space: TextSpace) -> None:
    assert space.basis.shape == (384, 128)
    assert space.basis.T @ space.basis == pytest.approx(np.eye(128), abs=1e-5)


def test_personas_and_vibes_have_length_one(space: TextSpace) -> None:
    assert np.linalg.norm(space.to_persona(TEXTS), axis=1) == pytest.approx(1, abs=1e-6)
    assert np.linalg.norm(space.to_vibe(TEXTS), axis=1) == pytest.approx(1, abs=1e-6)
    assert space.to_persona(TEXTS).shape == (20, 128)
    assert space.to_vibe(TEXTS).shape == (20, 64)


def test_a_persona_becomes_the_node_vector_of_its_own_text(space: TextSpace) -> None:
    vibes = space.vibe_of_persona(space.to_persona(TEXTS))
    assert vibes == pytest.approx(space.to_vibe(TEXTS), abs=1e-6)


def test_plain_python_and_numpy_agree_on_the_vibe_of_a_persona(space: TextSpace) -> None:
    personas = space.to_persona(TEXTS)
    plain = [to_vibe(persona.tolist()) for persona in personas]
    assert np.array(plain) == pytest.approx(space.vibe_of_persona(personas), abs=1e-6)


def test_one_text_is_placed_as_it_is_among_many(space: TextSpace) -> None:
    assert space.to_persona(TEXTS[3]) == pytest.approx(space.to_persona(TEXTS)[3], abs=1e-6)


def test_a_vector_without_direction_is_refused(space: TextSpace) -> None:
    with pytest.raises(ValueError, match="no direction"):
        space.to_persona(np.zeros(384, np.float32))


def test_a_vector_of_another_width_is_refused(space: TextSpace) -> None:
    with pytest.raises(ValueError, match="128 dimensions"):
        space.vibe_of_persona(TEXTS)


def test_a_changed_basis_is_refused(tmp_path: Path) -> None:
    changed = Path(shutil.copy(SHIPPED, tmp_path))
    with changed.open("r+b") as file:
        file.seek(5_000)
        file.write(b"\x00")
    with pytest.raises(SpaceCorrupt, match="sha256"):
        TextSpace.load(changed, projection._SHA256)


def test_the_shipped_basis_is_small() -> None:
    assert SHIPPED.stat().st_size < 300_000


def test_a_space_refuses_an_encoder_that_it_was_not_fitted_on(
    encoder: Encoder, space: TextSpace
) -> None:
    TextVectors(encoder, space)
    with pytest.raises(SpaceMismatch, match="fit a new version"):
        TextVectors(encoder, replace(space, weights_sha256="0" * 64))


def test_like_is_near_to_like(vectors: TextVectors) -> None:
    sushi, trail = vectors.vibes(
        ["restaurant: chef driven, sea and shore. Sushi at the counter.", "trail: fresh air, view."]
    )
    hungry, hiker = vectors.personas(["Lives for sushi and raw fish.", "Hikes every weekend."])
    to_node = [to_vibe(persona.tolist()) for persona in (hungry, hiker)]
    assert np.dot(to_node[0], sushi) > np.dot(to_node[0], trail)
    assert np.dot(to_node[1], trail) > np.dot(to_node[1], sushi)
