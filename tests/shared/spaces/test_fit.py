"""The basis is fitted on a stated corpus, the same way each time, and keeps neighbours."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared.spaces import projection
from shared.spaces.corpus import city_texts, describe, taxonomy_texts, unseen_texts
from shared.spaces.fit import fit_basis, neighbour_overlap
from shared.spaces.onnx import Encoder
from shared.spaces.projection import TextSpace

CARD = json.loads(Path(projection.__file__).with_name("text_space_1.json").read_text())


def unit(vectors: Any) -> Any:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_corpus_is_the_same_each_time() -> None:
    first, second = list(taxonomy_texts(1)), list(taxonomy_texts(1))
    assert first == second
    assert describe(first, 1) == describe(second, 1)
    assert describe(first, 1)["sha256"] != describe(first[1:], 1)["sha256"]


def test_what_the_fit_is_judged_on_is_not_in_its_corpus() -> None:
    personas, nodes = unseen_texts(2)
    assert not {*personas, *nodes} & set(taxonomy_texts(1))


def test_a_citys_venues_and_posts_join_the_corpus(tmp_path: Path) -> None:
    venue = {"name": "Alki Beach", "category": "beach", "neighbourhood": "Alki"}
    (tmp_path / "venues.ndjson").write_text(json.dumps(venue) + "\n\n")
    (tmp_path / "posts.ndjson").write_text(json.dumps({"text": "Sunset, then chips."}) + "\n")
    assert list(city_texts(tmp_path)) == ["beach. Alki Beach, Alki", "Sunset, then chips."]
    assert list(city_texts(tmp_path / "nowhere")) == []


def test_the_basis_is_the_same_whatever_the_order_of_the_texts() -> None:
    vectors = unit(np.random.default_rng(0).normal(size=(600, 384)) * np.linspace(2, 0.1, 384))
    texts = vectors.astype(np.float32)
    assert fit_basis(texts[::-1]) == pytest.approx(fit_basis(texts), abs=1e-4)


def test_the_greatest_entry_of_each_axis_is_positive() -> None:
    basis = fit_basis(np.random.default_rng(0).normal(size=(600, 384)).astype(np.float32))
    assert np.all(basis.max(axis=0) == np.abs(basis).max(axis=0))


def test_the_axes_come_in_the_order_of_what_they_explain() -> None:
    texts = np.random.default_rng(0).normal(size=(2000, 384)) * np.linspace(3, 0.1, 384)
    explained = np.square(texts @ fit_basis(texts.astype(np.float32))).sum(axis=0)
    assert np.all(np.diff(explained) <= 0)


def test_overlap_is_the_share_of_common_neighbours() -> None:
    nodes = np.eye(4, dtype=np.float32)
    query = unit(np.array([[4, 3, 2, 1]], np.float32))
    turned = unit(np.array([[4, 1, 3, 2]], np.float32))
    # The two nearest are {0, 1} in one space and {0, 2} in the other.
    assert neighbour_overlap((query, turned), (nodes, nodes), 2) == 0.5
    assert neighbour_overlap((query, query), (nodes, nodes), 2) == 1.0


def test_the_card_names_the_shipped_basis() -> None:
    assert CARD["sha256"] == projection._SHA256
    assert CARD["version"] == 1


def test_the_shipped_basis_keeps_neighbours_of_unseen_texts(
    encoder: Encoder, space: TextSpace
) -> None:
    personas, nodes = (encoder.encode(texts[:120]) for texts in unseen_texts(7))
    for asked, known, least in (
        (space.to_persona(personas), space.to_persona(nodes), 0.85),
        (space.to_vibe(personas), space.to_vibe(nodes), 0.75),
    ):
        assert neighbour_overlap((personas, asked), (nodes, known), 10) > least
