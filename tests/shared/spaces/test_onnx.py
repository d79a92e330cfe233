"""The served encoder gives the vectors of sentence-transformers, whatever text it is given."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, save_model

from shared.spaces.card import EncoderMissing, EncoderRefused
from shared.spaces.onnx import Encoder
from shared.spaces.weights import sha256_of

GOLDEN = json.loads((Path(__file__).parent / "golden" / "golden.json").read_text())
NODE = "coffee shop: bookish, quiet. Window seats and slow espresso."


@pytest.fixture
def copy(encoder_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(encoder_folder, tmp_path / "copy"))


def change_card(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    card = json.loads((folder / "card.json").read_text())
    change(card)
    (folder / "card.json").write_text(json.dumps(card))


def test_vectors_are_those_of_sentence_transformers(encoder: Encoder) -> None:
    cosines = (encoder.encode(GOLDEN["texts"]) * np.array(GOLDEN["vectors"])).sum(axis=1)
    assert cosines.min() >= 0.9999


def test_vectors_have_length_one_and_384_dimensions(encoder: Encoder) -> None:
    vectors = encoder.encode(GOLDEN["texts"])
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_company_in_a_batch_does_not_change_a_vector(encoder: Encoder) -> None:
    alone = encoder.encode([NODE])[0]
    crowd = [f"{'word ' * length}end" for length in range(40)]
    among = encoder.encode([*crowd[:20], NODE, *crowd[20:]])[20]
    assert np.abs(alone - among).max() < 1e-6


def test_vectors_come_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = [f"{'long ' * (50 - number)}{number}" for number in range(50)]
    together = encoder.encode(texts)
    singly = np.vstack([encoder.encode([text]) for text in texts])
    assert np.abs(together - singly).max() < 1e-6


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_a_text_counts_up_to_its_256th_token(encoder: Encoder) -> None:
    full, longer, shorter = encoder.encode(["sea " * 254, "sea " * 254 + "mountain", "sea " * 9])
    assert np.array_equal(full, longer)
    assert not np.array_equal(full, shorter)


def test_a_text_of_megabytes_costs_no_more_than_its_beginning(encoder: Encoder) -> None:
    beginning, whole = encoder.encode(["sea " * 5_000, "sea " * 2_000_000])
    assert np.array_equal(beginning, whole)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=80), min_size=1, max_size=3))
def test_any_text_has_a_vector(encoder: Encoder, texts: list[str]) -> None:
    assert np.linalg.norm(encoder.encode(texts), axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "\u200b", "👩‍👩‍👧‍👦", "x" * 5_000])
def test_odd_texts_have_a_vector(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text])) == pytest.approx(1, abs=1e-5)


def test_without_a_built_encoder_the_command_that_builds_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match=r"shared\.spaces\.export"):
        Encoder.open(tmp_path / "nothing")


@pytest.mark.parametrize("file", ["encoder.onnx", "tokenizer.json"])
def test_a_file_that_is_not_the_one_on_the_card_is_refused(copy: Path, file: str) -> None:
    with (copy / file).open("r+b") as opened:
        opened.seek(100_000)
        opened.write(b"\x00\x01")
    with pytest.raises(EncoderRefused, match=file):
        Encoder.open(copy)


@pytest.mark.parametrize("file", ["encoder.onnx", "tokenizer.json"])
def test_a_file_cut_short_or_missing_is_refused(copy: Path, file: str) -> None:
    with (copy / file).open("r+b") as opened:
        opened.truncate(1_000)
    with pytest.raises(EncoderRefused, match=file):
        Encoder.open(copy)
    (copy / file).unlink()
    with pytest.raises(EncoderRefused, match=file):
        Encoder.open(copy)


@pytest.mark.parametrize("card", ["", "{}", "[]", '{"format": 99}', '{"format": 1, "x": 1}'])
def test_a_card_that_cannot_be_read_is_refused(copy: Path, card: str) -> None:
    (copy / "card.json").write_text(card)
    with pytest.raises(EncoderRefused, match="export it again"):
        Encoder.open(copy)


def test_tensors_kept_in_another_file_are_refused(copy: Path) -> None:
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2048])
    tensor = helper.make_tensor("w", TensorProto.FLOAT, [2048], bytes(8192), raw=True)
    node = helper.make_node("Add", ["x", "w"], ["y"])
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [2048])
    model = helper.make_model(helper.make_graph([node], "g", [value], [output], [tensor]))
    path = copy / "encoder.onnx"
    save_model(model, path, save_as_external_data=True, location="weights.bin")
    change_card(copy, lambda card: card.update(model_sha256=sha256_of(path)))
    with pytest.raises(EncoderRefused, match="another file"):
        Encoder.open(copy)
