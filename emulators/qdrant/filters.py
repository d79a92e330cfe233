"""Owns reading Qdrant's filters: must, should, must_not and min_should over conditions."""

from typing import Any

import qdrant_edge as engine

from emulators.qdrant.conditions import field_condition
from emulators.qdrant.errors import bad_format
from emulators.qdrant.json_fields import Json, an_object, required
from emulators.qdrant.point_ids import point_ids

_CLAUSES = ("must", "should", "must_not", "min_should")


def optional_filter(body: Json, name: str = "filter") -> engine.Filter | None:
    """The filter in the field `name` of a body."""
    value = body.get(name)
    return None if value is None else read_filter(an_object(value))


def read_filter(body: Json) -> engine.Filter:
    """One filter; {} matches every point."""
    if unknown := set(body) - set(_CLAUSES):
        raise bad_format(f"unknown field `{min(unknown)}`, expected one of {', '.join(_CLAUSES)}")
    return engine.Filter(
        must=_conditions(body.get("must")),
        should=_conditions(body.get("should")),
        must_not=_conditions(body.get("must_not")),
        min_should=_min_should(body.get("min_should")),
    )


def excluding(filter_: engine.Filter | None, ids: set[Any]) -> engine.Filter | None:
    """`filter_` that also leaves out the points `ids`."""
    if not ids:
        return filter_
    must: list[Any] | None = None if filter_ is None else [filter_]
    return engine.Filter(must=must, must_not=[engine.HasIdCondition(ids)])


def _conditions(value: Any) -> list[Any] | None:
    if value is None:
        return None
    return [_condition(an_object(item)) for item in (value if type(value) is list else [value])]


def _min_should(value: Any) -> engine.MinShould | None:
    if value is None:
        return None
    body = an_object(value)
    conditions = _conditions(required(body, "conditions", list))
    return engine.MinShould(conditions or [], required(body, "min_count", int))


def _condition(body: Json) -> Any:
    match body:
        case {"key": str(key)}:
            return field_condition(key, body)
        case {"is_empty": {"key": str(key)}}:
            return engine.IsEmptyCondition(key)
        case {"is_null": {"key": str(key)}}:
            return engine.IsNullCondition(key)
        case {"has_id": list(ids)}:
            return engine.HasIdCondition(set(point_ids(ids)))
        case {"has_vector": str(name)}:
            return engine.HasVectorCondition(name)
        case {"nested": {"key": str(key), "filter": dict(inner)}}:
            return engine.NestedCondition(key, read_filter(inner))
        case {} if set(body) <= set(_CLAUSES):
            return read_filter(body)
    raise bad_format("data did not match any variant of untagged enum Condition")
