"""Parity with the real sentence-transformers on texts like ours, where it is installed."""

from pathlib import Path

import numpy as np
import pytest

from shared.spaces.corpus import unseen_texts
from shared.spaces.onnx import Encoder
from shared.spaces.weights import locate

pytestmark = pytest.mark.full

ODD = ["", " ", "x" * 5_000, "word " * 1_000, "naïve 日本語 🍜 \u200b", "A\nB\tC", "a" * 150 + " b"]


@pytest.mark.filterwarnings("ignore")
def test_every_vector_has_a_cosine_of_at_least_09999_to_sentence_transformers(
    encoder: Encoder,
) -> None:
    library = pytest.importorskip("sentence_transformers")
    personas, nodes = unseen_texts(3)
    texts = [*ODD, *personas, *nodes[:300]]
    published = library.SentenceTransformer(str(Path(locate(None).folder)), device="cpu")
    published.max_seq_length = 256
    theirs = published.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    cosines = np.sum(theirs * encoder.encode(texts), axis=1)
    assert cosines.min() >= 0.9999, f"least cosine over {len(texts)} texts"
