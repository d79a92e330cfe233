"""Fits a text space and places the archetypes in it.

    python -m shared.spaces.fit --encoder DIR --city DIR --out DIR

The basis is an uncentred PCA of the encoded corpus. Uncentred, because cosine is what compares
vectors, and taking the mean away changes who is near whom (the card has both figures).
"""

import argparse
import hashlib
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.spaces.archetypes import ARCHETYPES, Archetype
from shared.spaces.corpus import city_texts, describe, taxonomy_texts, unseen_texts
from shared.spaces.onnx import Encoder
from shared.spaces.projection import TextSpace, Vectors
from shared.spaces.vectors import PERSONA_DIMENSIONS, SPACE_VERSION, VIBE_DIMENSIONS

_SEED: Final = 1
_UNSEEN_SEED: Final = 2
_NEIGHBOURS: Final = 10
_DESCRIPTIONS: Final[Mapping[Archetype, str]] = {
    "food_first": (
        "A traveller who plans the day around the next meal: neighbourhood restaurants, bakeries, "
        "food trucks and street markets where locals queue. Loves immigrant kitchens, chef-driven "
        "counters, careful coffee and something sweet, and walks between them mainly to get hungry."
    ),
    "culture_first": (
        "A traveller who comes for museums, galleries, old buildings, bookstores and theatres, and "
        "wants the stories behind them. Takes time for exhibitions, street art and record shops by "
        "day, and ends the evening with live music, a film or a play."
    ),
    "outdoors_first": (
        "A traveller who wants fresh air above all: parks, trails, gardens, beaches, lakes and "
        "harbours, with a view at the end of the climb. Starts early, walks far, and is happiest "
        "watching the sunset over the water."
    ),
}


def fit_basis(vectors: Vectors) -> Vectors:
    """First 128 principal axes of (n, 384) vectors, not centred, as (384, 128) columns.

    An axis has no sign of its own: its greatest entry is made positive, so that a second fit on the
    same texts gives the same basis.
    """
    wide = vectors.astype(np.float64)
    _, axes = np.linalg.eigh(wide.T @ wide)
    basis = axes[:, ::-1][:, :PERSONA_DIMENSIONS]
    greatest = np.abs(basis).argmax(axis=0)
    signs = np.sign(basis[greatest, np.arange(PERSONA_DIMENSIONS)])
    signed: Vectors = (basis * signs).astype(np.float32)
    return signed


def neighbour_overlap(queries: Sequence[Vectors], nodes: Sequence[Vectors], k: int) -> float:
    """Mean share of each query's k nearest nodes that both of two spaces agree on.

    `queries` and `nodes` hold one (n, d) array of unit vectors per space.
    """
    first, second = (
        np.argpartition(-asked @ known.T, k, axis=1)[:, :k]
        for asked, known in zip(queries, nodes, strict=True)
    )
    shared = [len(set(a) & set(b)) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    return float(np.mean(shared)) / k


def preservation(
    vectors: Vectors, basis: Vectors, personas: Vectors, nodes: Vectors
) -> dict[str, float]:
    """overlap@10 of persona-to-node neighbours between 384 dimensions and fewer, by method."""
    mean = vectors.mean(axis=0)
    centred = fit_basis(vectors - mean)
    figures: dict[str, float] = {}
    for size in (PERSONA_DIMENSIONS, VIBE_DIMENSIONS):
        for name, axes, middle in (("pca", basis, 0.0 * mean), ("centred_pca", centred, mean)):
            asked, known = (_unit((texts - middle) @ axes[:, :size]) for texts in (personas, nodes))
            overlap = neighbour_overlap((personas, asked), (nodes, known), _NEIGHBOURS)
            figures[f"{name}_{size}"] = round(overlap, 3)
    return figures


def _unit(vectors: NDArray[Any]) -> Vectors:
    scaled: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def _place(space: TextSpace, encoder: Encoder) -> dict[str, Any]:
    centroids = space.to_persona(encoder.encode([_DESCRIPTIONS[name] for name in ARCHETYPES]))
    return {
        "space_version": space.version,
        "archetypes": {
            name: {
                "description": _DESCRIPTIONS[name],
                "centroid": [round(float(value), 7) for value in centroid],
            }
            for name, centroid in zip(ARCHETYPES, centroids, strict=True)
        },
    }


def _write(folder: Path, space: TextSpace, card: dict[str, Any], placed: dict[str, Any]) -> str:
    """sha256 of the written space, which projection.py pins."""
    raw = io.BytesIO()
    np.savez(raw, version=space.version, basis=space.basis, weights_sha256=space.weights_sha256)
    sha256 = hashlib.sha256(raw.getvalue()).hexdigest()
    (folder / f"text_space_{space.version}.npz").write_bytes(raw.getvalue())
    described = json.dumps({"sha256": sha256, **card}, indent=2) + "\n"
    (folder / f"text_space_{space.version}.json").write_text(described)
    archetypes = json.dumps(placed, indent=1) + "\n"
    (folder / f"archetypes_{space.version}.json").write_text(archetypes)
    return sha256


def main(arguments: list[str]) -> None:
    """Fit, judge, write the three files, and print the sha256 to pin."""
    parser = argparse.ArgumentParser(prog="python -m shared.spaces.fit", description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True, help="a built encoder")
    parser.add_argument("--city", type=Path, help="a folder with venues.ndjson and posts.ndjson")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    asked = parser.parse_args(arguments)
    encoder = Encoder.open(asked.encoder)
    texts = list(taxonomy_texts(_SEED)) + (list(city_texts(asked.city)) if asked.city else [])
    vectors = encoder.encode(texts)
    space = TextSpace(SPACE_VERSION, fit_basis(vectors), encoder.weights_sha256)
    personas, nodes = (encoder.encode(unseen) for unseen in unseen_texts(_UNSEEN_SEED))
    card = {
        "version": space.version,
        "weights_sha256": space.weights_sha256,
        "corpus": describe(texts, _SEED),
        "overlap_at_10": preservation(vectors, space.basis, personas, nodes),
    }
    sha256 = _write(asked.out, space, card, _place(space, encoder))
    sys.stdout.write(f"{json.dumps(card, indent=2)}\npin in projection.py: {sha256}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
