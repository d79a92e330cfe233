"""Owns turning a create-collection body into the engine's configuration."""

from typing import Any

import qdrant_edge as engine

from emulators.qdrant.errors import invalid
from emulators.qdrant.json_fields import Json, an_object, refuse, required, variant
from emulators.qdrant.vectors import dense_params

LARGEST_SIZE = 65_536

_DISTANCES = {
    "Cosine": engine.Distance.Cosine,
    "Dot": engine.Distance.Dot,
    "Euclid": engine.Distance.Euclid,
    "Manhattan": engine.Distance.Manhattan,
}
_DATATYPES = {
    "float32": engine.VectorStorageDatatype.Float32,
    "float16": engine.VectorStorageDatatype.Float16,
    "uint8": engine.VectorStorageDatatype.Uint8,
}
_NOT_HERE = ("strict_mode_config", "sharding_method")


def engine_config(body: Json) -> engine.EdgeConfig:
    """The engine's configuration for a create-collection body. Raises QdrantError 400, 422, 501.

    Vectors are mapped, not loaded ahead (Cold): the page cache serves them as fast, and a started
    process stays 30 MB smaller. One search thread, because a segment is searched by one.
    """
    refuse(body, _NOT_HERE)
    sparse = an_object(body.get("sparse_vectors") or {})
    dense = {name: _dense(name, params) for name, params in dense_params(body).items()}
    return engine.EdgeConfig(
        vectors=dense,
        sparse_vectors={name: _sparse(params) for name, params in sparse.items()},
        max_search_threads=1,
    )


def _dense(name: str, params: Json) -> engine.EdgeVectorParams:
    size = required(params, "size", int)
    if not 1 <= size <= LARGEST_SIZE:
        field = f"vectors.{name}.size" if name else "vectors.size"
        raise invalid(field, f"value {size} invalid, must be from 1 to {LARGEST_SIZE}")
    multi = None
    if params.get("multivector_config") is not None:
        multi = engine.MultiVectorConfig(engine.MultiVectorComparator.MaxSim)
    return engine.EdgeVectorParams(
        size=size,
        distance=variant(_DISTANCES, required(params, "distance", str)),
        multivector_config=multi,
        datatype=variant(_DATATYPES, params.get("datatype") or "float32"),
        memory=engine.Memory.Cold,
    )


def _sparse(value: Any) -> engine.EdgeSparseVectorParams:
    params = an_object(value or {})
    modifiers = {"none": None, "idf": engine.Modifier.Idf}
    return engine.EdgeSparseVectorParams(
        modifier=variant(modifiers, params.get("modifier") or "none")
    )
