"""One encoder, built from the bundled weights, for every test of the text space."""

from pathlib import Path

import pytest

from shared.spaces.export import export
from shared.spaces.onnx import Encoder
from shared.spaces.projection import TextSpace
from shared.spaces.text_vectors import TextVectors
from shared.spaces.weights import locate


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spaces") / "encoder"
    assert export(locate(None), folder)
    return folder


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> Encoder:
    return Encoder.open(encoder_folder)


@pytest.fixture(scope="session")
def space() -> TextSpace:
    return TextSpace.shipped()


@pytest.fixture(scope="session")
def vectors(encoder: Encoder, space: TextSpace) -> TextVectors:
    return TextVectors(encoder, space)
