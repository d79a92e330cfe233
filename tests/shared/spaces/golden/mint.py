"""Writes golden.json beside it: vectors of the real sentence-transformers for a few texts.

Run where sentence-transformers and torch are installed, from the repository's root:
    python tests/shared/spaces/golden/mint.py FOLDER_OR_HUB_NAME_OF_ALL_MINILM_L6_V2
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from sentence_transformers import (  # type: ignore[import-not-found, unused-ignore]
    SentenceTransformer,
)

TEXTS = [
    "",
    "coffee shop: bookish, quiet. Window seats and slow espresso.",
    "A traveller who plans the day around food, and walks mainly to get hungry.",
    "Ein naïves Café, 日本語のラーメン 🍜 und Straßenkunst.",
    "Boats, fresh fish, salt air. " * 60,
]


def main(model: str) -> None:
    """Encode TEXTS as published: 256 tokens, mean pooling, length 1."""
    encoder = SentenceTransformer(model, device="cpu")
    encoder.max_seq_length = 256
    vectors = encoder.encode(TEXTS, normalize_embeddings=True)
    golden = {
        "made_by": f"sentence-transformers {version('sentence-transformers')}",
        "texts": TEXTS,
        "vectors": [[round(float(value), 6) for value in vector] for vector in vectors],
    }
    Path(__file__).with_name("golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
