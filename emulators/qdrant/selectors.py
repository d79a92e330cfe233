"""Owns which parts of a point a reply carries, and writing points as JSON values."""

from collections.abc import Iterable
from typing import Any

import qdrant_edge as engine

from emulators.qdrant.errors import bad_format
from emulators.qdrant.json_fields import Json


def payload_selector(value: Any, *, default: bool) -> Any:
    """`with_payload` for the engine: true, a list of fields, {"include"|"exclude": fields}."""
    match value:
        case None:
            return default
        case bool():
            return value
        case list() if _all_text(value):
            return value
        case {"include": list(fields)} if _all_text(fields):
            return engine.PayloadSelector.Include(fields)
        case {"exclude": list(fields)} if _all_text(fields):
            return engine.PayloadSelector.Exclude(fields)
    raise bad_format("data did not match any variant of untagged enum WithPayloadInterface")


def vector_selector(value: Any) -> Any:
    """`with_vector` for the engine: true or a list of names; nothing by default."""
    match value:
        case None:
            return False
        case bool():
            return value
        case list() if _all_text(value):
            return value
    raise bad_format("data did not match any variant of untagged enum WithVector")


def records(found: Iterable[engine.Record]) -> list[Json]:
    """Stored points as JSON values."""
    return [_with_order({"id": p.id, "payload": p.payload, "vector": p.vector}, p) for p in found]


def scored_points(found: Iterable[engine.ScoredPoint]) -> list[Json]:
    """Query results as JSON values, best first."""
    return [_with_order(_scored(p), p) for p in found]


def plain(value: object) -> Any:
    """What orjson cannot write itself: the engine's sparse vectors."""
    if isinstance(value, engine.SparseVector):
        return {"indices": value.indices, "values": value.values}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _scored(point: engine.ScoredPoint) -> Json:
    return {
        "id": point.id,
        "version": point.version,
        "score": point.score,
        "payload": point.payload,
        "vector": point.vector,
    }


def _with_order(shown: Json, point: engine.Record | engine.ScoredPoint) -> Json:
    if point.order_value is not None:
        shown["order_value"] = point.order_value
    return shown


def _all_text(values: list[Any]) -> bool:
    return all(type(value) is str for value in values)
