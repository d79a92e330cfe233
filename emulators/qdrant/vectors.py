"""Owns a collection's vector space: which vectors, of which size, and reading them from JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import qdrant_edge as engine

from emulators.qdrant.errors import bad_format, unsupported, wrong_input
from emulators.qdrant.json_fields import Json, an_object, required

DEFAULT = ""

_NUMBERS = {int, float}


@dataclass(frozen=True, slots=True)
class Dense:
    """A dense vector of `size` numbers, or a list of such where `multi`."""

    size: int
    multi: bool = False


@dataclass(frozen=True, slots=True)
class VectorSpace:
    """The vectors of a collection by name; the unnamed one is called ""."""

    dense: Mapping[str, Dense]
    sparse: frozenset[str]

    def of_point(self, value: Any) -> Any:
        """The vector or vectors of one point as the engine takes them. Raises QdrantError 400."""
        if type(value) is list:
            return self.vector(value, DEFAULT)
        if type(value) is dict:
            return {name: self.vector(vector, name) for name, vector in value.items()}
        raise bad_format("data did not match any variant of untagged enum VectorStruct")

    def vector(self, value: Any, name: str) -> Any:
        """One vector for the name `name`. Raises QdrantError 400 where size or kind differ."""
        if name in self.sparse:
            return _sparse(value)
        spec = self.dense.get(name)
        if spec is None:
            raise wrong_input(f"Not existing vector name error: {name}")
        if spec.multi:
            return [_dense(row, spec.size) for row in _rows(value)]
        return _dense(value, spec.size)


def _rows(value: Any) -> list[Any]:
    if type(value) is list and value:
        return value if type(value[0]) is list else [value]
    raise bad_format("data did not match any variant of untagged enum Vector")


def _dense(value: Any, size: int) -> list[float]:
    if type(value) is dict and ({"text", "image", "object"} & set(value)):
        raise unsupported("inference: send vectors")
    if type(value) is not list or not set(map(type, value)) <= _NUMBERS:
        raise bad_format("data did not match any variant of untagged enum Vector")
    if len(value) != size:
        raise wrong_input(f"Vector dimension error: expected dim: {size}, got {len(value)}")
    return value


def _sparse(value: Any) -> engine.SparseVector:
    body = an_object(value)
    indices, values = required(body, "indices", list), required(body, "values", list)
    if not set(map(type, indices)) <= {int} or not set(map(type, values)) <= _NUMBERS:
        raise bad_format("data did not match any variant of untagged enum Vector")
    if any(not 0 <= index < 2**32 for index in indices):
        raise bad_format("sparse vector indices must be unsigned 32-bit numbers")
    if len(indices) != len(values) or len(set(indices)) != len(indices):
        raise wrong_input("sparse vector indices must be unique and as many as values")
    return engine.SparseVector(indices, values)


def vector_space(config: Json) -> VectorSpace:
    """The space that a stored collection configuration describes."""
    dense = {
        name: Dense(params["size"], params.get("multivector_config") is not None)
        for name, params in dense_params(config).items()
    }
    return VectorSpace(dense, frozenset(config.get("sparse_vectors") or {}))


def dense_params(config: Json) -> dict[str, Json]:
    """The dense vector parameters by name, the unnamed one under ""."""
    vectors = an_object(config.get("vectors") or {})
    if "size" in vectors:
        return {DEFAULT: vectors}
    return {name: an_object(params) for name, params in vectors.items()}
