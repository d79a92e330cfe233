"""Owns reading one condition on a payload field: match, range, geography and counts."""

from typing import Any

import qdrant_edge as engine

from emulators.qdrant.errors import bad_format
from emulators.qdrant.json_fields import Json, an_object, number, optional, required, typed

_BOUNDS = ("gte", "gt", "lte", "lt")
_INT64 = range(-(2**63), 2**63)


def field_condition(key: str, body: Json) -> engine.FieldCondition:
    """The condition `body` on the payload path `key`."""
    asked: dict[str, Any] = {
        name: read(body[name]) for name, read in _READERS.items() if body.get(name) is not None
    }
    if not asked:
        raise bad_format("At least one field condition must be specified")
    return engine.FieldCondition(key, **asked)


def _match(value: Any) -> Any:
    match value:
        case {"value": bool() | str() as wanted}:
            return engine.MatchValue(wanted)
        case {"value": int(wanted)} if wanted in _INT64:
            return engine.MatchValue(wanted)
        case {"text": str(text)}:
            return engine.MatchText(text)
        case {"text_any": str(text)}:
            return engine.MatchTextAny(text)
        case {"phrase": str(phrase)}:
            return engine.MatchPhrase(phrase)
        case {"prefix": str(prefix)}:
            return engine.MatchPrefix(prefix)
        case {"substring": str(substring)}:
            return engine.MatchSubstring(substring)
        case {"any": list(values)} if _same_kind(values):
            return engine.MatchAny(values)
        case {"except": list(values)} if _same_kind(values):
            return engine.MatchExcept(values)
    raise bad_format("data did not match any variant of untagged enum MatchInterface")


def _same_kind(values: list[Any]) -> bool:
    if all(type(value) is str for value in values):
        return True
    return all(type(value) is int and value in _INT64 for value in values)


def _range(value: Any) -> Any:
    bounds = {name: value[name] for name in _BOUNDS if an_object(value).get(name) is not None}
    kinds = set(map(type, bounds.values()))
    if kinds <= {int, float}:
        return engine.RangeFloat(**bounds)
    if kinds == {str}:
        try:
            return engine.RangeDateTime(**bounds)
        except ValueError as error:
            raise bad_format(f"{error}") from error
    raise bad_format("data did not match any variant of untagged enum RangeInterface")


def _point(value: Any) -> engine.GeoPoint:
    body = an_object(value)
    try:
        return engine.GeoPoint(lon=_needed(body, "lon"), lat=_needed(body, "lat"))
    except ValueError as error:
        raise bad_format(f"{error}") from error


def _needed(body: Json, name: str) -> float:
    value = number(body, name)
    if value is None:
        raise bad_format(f"missing field `{name}`")
    return value


def _radius(value: Any) -> engine.GeoRadius:
    body = an_object(value)
    return engine.GeoRadius(_point(body.get("center")), _needed(body, "radius"))


def _bounding_box(value: Any) -> engine.GeoBoundingBox:
    body = an_object(value)
    return engine.GeoBoundingBox(_point(body.get("top_left")), _point(body.get("bottom_right")))


def _polygon(value: Any) -> engine.GeoPolygon:
    body = an_object(value)
    interiors = [_ring(ring) for ring in optional(body, "interiors", list) or []]
    try:
        return engine.GeoPolygon(_ring(body.get("exterior")), interiors)
    except ValueError as error:
        raise bad_format(f"{error}") from error


def _ring(value: Any) -> list[engine.GeoPoint]:
    return [_point(point) for point in required(an_object(value), "points", list)]


def _values_count(value: Any) -> engine.ValuesCount:
    body = an_object(value)
    return engine.ValuesCount(**{name: optional(body, name, int) for name in _BOUNDS})


_READERS: dict[str, Any] = {
    "match": _match,
    "range": _range,
    "geo_radius": _radius,
    "geo_bounding_box": _bounding_box,
    "geo_polygon": _polygon,
    "values_count": _values_count,
    "is_empty": lambda value: typed(value, bool),
    "is_null": lambda value: typed(value, bool),
}
