"""Owns reading updates of points: upserts, deletes, payloads and vectors, one operation each."""

from collections.abc import Callable
from typing import Any

import qdrant_edge as engine

from emulators.qdrant.errors import bad_format, wrong_input
from emulators.qdrant.filters import optional_filter
from emulators.qdrant.json_fields import Json, an_object, optional, refuse, required, variant
from emulators.qdrant.point_ids import point_id, point_ids
from emulators.qdrant.vectors import VectorSpace

Operation = engine.UpdateOperation
Reader = Callable[[Json, VectorSpace], Operation]

_MODES = {
    "upsert": engine.UpdateMode.Upsert,
    "insert_only": engine.UpdateMode.InsertOnly,
    "update_only": engine.UpdateMode.UpdateOnly,
}


def _upsert(body: Json, space: VectorSpace) -> Operation:
    """{"points": [...]} or {"batch": {...}}; every vector is checked before any is written."""
    refuse(body, ("shard_key",))
    points = _batch(required(body, "batch", dict)) if "batch" in body else None
    if points is None:
        points = required(body, "points", list)
    mode = variant(_MODES, body.get("update_mode") or "upsert")
    condition = optional_filter(body, "update_filter")
    return Operation.upsert_points([_point(p, space) for p in points], condition, mode)


def _delete(body: Json, space: VectorSpace) -> Operation:
    ids = _ids(body)
    if ids is None:
        return Operation.delete_points_by_filter(_filter(body))
    return Operation.delete_points(ids)


def _set_payload(body: Json, space: VectorSpace) -> Operation:
    payload, key = required(body, "payload", dict), optional(body, "key", str)
    ids = _ids(body)
    if ids is None:
        return Operation.set_payload_by_filter(_filter(body), payload, key)
    return Operation.set_payload(ids, payload, key)


def _overwrite_payload(body: Json, space: VectorSpace) -> Operation:
    payload, key = required(body, "payload", dict), optional(body, "key", str)
    ids = _ids(body)
    if ids is None:
        return Operation.overwrite_payload_by_filter(_filter(body), payload, key)
    return Operation.overwrite_payload(ids, payload, key)


def _delete_payload(body: Json, space: VectorSpace) -> Operation:
    keys, ids = required(body, "keys", list), _ids(body)
    if ids is None:
        return Operation.delete_payload_by_filter(_filter(body), keys)
    return Operation.delete_payload(ids, keys)


def _clear_payload(body: Json, space: VectorSpace) -> Operation:
    ids = _ids(body)
    if ids is None:
        return Operation.clear_payload_by_filter(_filter(body))
    return Operation.clear_payload(ids)


def _update_vectors(body: Json, space: VectorSpace) -> Operation:
    points = [an_object(point) for point in required(body, "points", list)]
    changed = [
        engine.PointVectors(point_id(point.get("id")), space.of_point(point.get("vector")))
        for point in points
    ]
    return Operation.update_vectors(changed, optional_filter(body, "update_filter"))


def _delete_vectors(body: Json, space: VectorSpace) -> Operation:
    names, ids = required(body, "vector", list), _ids(body)
    if ids is None:
        return Operation.delete_vectors_by_filter(_filter(body), names)
    return Operation.delete_vectors(ids, names)


# By the names under which POST .../points/batch takes them.
READERS: dict[str, Reader] = {
    "upsert": _upsert,
    "delete": _delete,
    "set_payload": _set_payload,
    "overwrite_payload": _overwrite_payload,
    "delete_payload": _delete_payload,
    "clear_payload": _clear_payload,
    "update_vectors": _update_vectors,
    "delete_vectors": _delete_vectors,
}


def one_of_batch(value: Any, space: VectorSpace) -> Operation:
    """One entry of a batch: {"upsert": {...}} and the like."""
    entry = an_object(value)
    if len(entry) != 1:
        raise bad_format("data did not match any variant of untagged enum UpdateOperation")
    [(name, body)] = entry.items()
    return variant(READERS, name)(an_object(body), space)


def _point(value: Any, space: VectorSpace) -> engine.Point:
    body = an_object(value)
    if body.get("vector") is None:
        raise bad_format("missing field `vector`")
    vector = space.of_point(body["vector"])
    return engine.Point(point_id(body.get("id")), vector, optional(body, "payload", dict))


def _batch(batch: Json) -> list[Json]:
    ids, vectors = required(batch, "ids", list), batch.get("vectors")
    payloads = optional(batch, "payloads", list) or [None] * len(ids)
    try:
        rows = _by_name(vectors) if type(vectors) is dict else required(batch, "vectors", list)
        return [
            {"id": id_, "vector": vector, "payload": payload}
            for id_, vector, payload in zip(ids, rows, payloads, strict=True)
        ]
    except ValueError as error:
        raise wrong_input("number of ids, vectors and payloads must be equal") from error


def _by_name(columns: Json) -> list[Json]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _ids(body: Json) -> list[Any] | None:
    points = optional(body, "points", list)
    return None if points is None else point_ids(points)


def _filter(body: Json) -> engine.Filter:
    selected = optional_filter(body)
    if selected is None:
        raise bad_format("data did not match any variant of untagged enum PointsSelector")
    return selected
