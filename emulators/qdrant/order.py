"""Owns reading `order_by`, which scrolling and querying share."""

from typing import Any

import qdrant_edge as engine

from emulators.qdrant.errors import bad_format
from emulators.qdrant.json_fields import an_object, required, variant

_DIRECTIONS = {"asc": engine.Direction.Asc, "desc": engine.Direction.Desc}


def order_by(value: Any) -> engine.OrderBy:
    """A payload key or {"key", "direction", "start_from"}. Raises QdrantError 400."""
    body = {"key": value} if type(value) is str else an_object(value)
    direction = variant(_DIRECTIONS, body.get("direction") or "asc")
    start = body.get("start_from")
    if start is not None and type(start) not in (int, float, str):
        raise bad_format("data did not match any variant of untagged enum StartFrom")
    return engine.OrderBy(required(body, "key", str), direction, start)
