"""The archetypes are shipped with their vectors, and cost a function neither numpy nor onnx."""

import math
import subprocess
import sys

import pytest

from shared.spaces.archetypes import (
    ARCHETYPES,
    SPACE_VERSION,
    Archetype,
    centroid,
    cosine,
    description,
    nearest_archetype,
)
from shared.spaces.text_vectors import TextVectors
from shared.spaces.vectors import SpaceMismatch, require_same_space, to_vibe


def test_a_shipped_centroid_is_its_description_encoded(vectors: TextVectors) -> None:
    assert vectors.space_version == SPACE_VERSION
    encoded = vectors.personas([description(name) for name in ARCHETYPES])
    for name, vector in zip(ARCHETYPES, encoded.tolist(), strict=True):
        assert centroid(name) == pytest.approx(vector, abs=1e-4)
        assert math.hypot(*centroid(name)) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", ARCHETYPES)
def test_an_archetype_is_nearest_to_itself(name: Archetype) -> None:
    assert nearest_archetype(centroid(name)) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lives for ramen, tacos, bakeries and food halls.", "food_first"),
        ("Museums by day, theatre by night, a bookshop between.", "culture_first"),
        ("Hiking, kayaking, beaches and views from the top.", "outdoors_first"),
    ],
)
def test_a_traveller_is_nearest_to_the_archetype_of_their_taste(
    vectors: TextVectors, text: str, expected: str
) -> None:
    assert nearest_archetype(vectors.personas([text])[0].tolist()) == expected


def test_the_archetypes_differ() -> None:
    for name in ARCHETYPES:
        for other in set(ARCHETYPES) - {name}:
            assert cosine(centroid(name), centroid(other)) < 0.8


def test_of_equally_near_archetypes_the_first_named_is_taken() -> None:
    assert nearest_archetype([0.0] * 128) == "food_first"
    between = [a + b for a, b in zip(centroid(ARCHETYPES[2]), centroid(ARCHETYPES[1]), strict=True)]
    lengths = [cosine(between, centroid(name)) for name in ARCHETYPES]
    assert nearest_archetype(between) == ARCHETYPES[lengths.index(max(lengths))]


def test_importing_the_archetypes_loads_no_numpy_and_no_onnxruntime() -> None:
    code = (
        "import sys, shared.spaces.archetypes as a; a.centroid('food_first');"
        "print(*sorted(sys.modules.keys() & {'numpy', 'onnx', 'onnxruntime', 'tokenizers'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_two_spaces_cannot_be_compared() -> None:
    require_same_space(1, 1)
    with pytest.raises(SpaceMismatch, match=r"text space 1 .* text space 2"):
        require_same_space(1, 2)


def test_a_vibe_is_the_first_64_dimensions_at_length_one() -> None:
    persona = [3.0, 4.0] + [0.0] * 62 + [9.0] * 64
    assert to_vibe(persona) == [0.6, 0.8] + [0.0] * 62


@pytest.mark.parametrize("persona", [[], [1.0] * 64, [0.0] * 128])
def test_what_is_no_persona_has_no_vibe(persona: list[float]) -> None:
    with pytest.raises(ValueError, match="persona"):
        to_vibe(persona)


def test_cosine_is_the_cosine() -> None:
    assert cosine([1, 0], [1, 1]) == pytest.approx(1 / math.sqrt(2))
    assert cosine([2, 0], [-3, 0]) == -1
    assert cosine([0, 0], [1, 1]) == 0
    with pytest.raises(ValueError, match="longer"):
        cosine([1], [1, 1])
