"""Owns reading typed fields out of a parsed JSON body, refusing in the words of Qdrant's server."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from emulators.qdrant.errors import bad_format, invalid, unsupported

Json = dict[str, Any]
T = TypeVar("T")

_KINDS: dict[type, str] = {
    bool: "a boolean",
    int: "usize",
    float: "f64",
    str: "a string",
    list: "a sequence",
    dict: "a map",
}


def an_object(value: Any) -> Json:
    """`value` as a JSON object."""
    return typed(value, dict)


def typed(value: Any, kind: type[T]) -> T:
    """`value`, which must be of JSON type `kind`."""
    if not isinstance(value, kind) or type(value) is not kind:  # true is no number
        raise bad_format(f"invalid type: {_said(value)}, expected {_KINDS[kind]}")
    return value


def required(body: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """The field `name`, which must be there."""
    if body.get(name) is None:
        raise bad_format(f"missing field `{name}`")
    return typed(body[name], kind)


def optional(body: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    """The field `name`; None where it is absent or null."""
    value = body.get(name)
    return None if value is None else typed(value, kind)


def number(body: Mapping[str, Any], name: str) -> float | None:
    """The number `name`, whole or not; None where it is absent or null."""
    value = body.get(name)
    return value if type(value) is int else optional(body, name, float)


def whole(body: Mapping[str, Any], name: str, default: int, least: int = 0) -> int:
    """The whole number `name`, at least `least`."""
    value = optional(body, name, int)
    if value is None:
        return default
    if value < least:
        raise invalid(name, f"value {value} invalid, must be {least} or larger")
    return value


def variant(variants: Mapping[str, T], name: Any) -> T:
    """The one of `variants` that is called `name`."""
    if type(name) is not str or name not in variants:
        expected = ", ".join(f"`{known}`" for known in variants)
        raise bad_format(f"unknown variant `{name}`, expected one of {expected}")
    return variants[name]


def refuse(body: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises for fields that Qdrant knows and the emulator does not."""
    for name in names:
        if body.get(name) is not None:
            raise unsupported(f"the field `{name}`")


def _said(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return f"boolean `{str(value).lower()}`"
        case int():
            return f"integer `{value}`"
        case float():
            return f"floating point `{value}`"
        case str():
            return f'string "{value[:40]}"'
        case list():
            return "sequence"
    return "map"
