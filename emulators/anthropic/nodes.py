"""Owns what a node of a schema asks for: one choice, several choices, levels, rows, nothing."""

from collections.abc import Collection
from typing import Any

from emulators.anthropic.keywords import Schema
from emulators.anthropic.overlap import Scored


def all_options(node: Any) -> frozenset[str]:
    """Every string that an enum anywhere in a schema offers."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    found = [all_options(one) for one in inner]
    if isinstance(node, dict) and isinstance(node.get("enum"), list):
        found.append(frozenset(one for one in node["enum"] if isinstance(one, str)))
    return frozenset().union(*found)


def is_choice(node: Schema) -> bool:
    """One of given options."""
    return "enum" in node


def is_choices(node: Schema) -> bool:
    """An array of given strings."""
    enum = _item_options(node)
    return bool(enum) and all(isinstance(value, str) for value in enum)


def is_levels(node: Schema) -> bool:
    """An array of given whole numbers, such as confidence bands 0 to 9."""
    return is_scale(_item_options(node))


def is_scale(enum: list[Any]) -> bool:
    """Options that are all whole numbers."""
    return bool(enum) and all(type(value) is int for value in enum)


def is_null(node: Schema) -> bool:
    """Nothing but null."""
    return node.get("type") == "null" or ("const" in node and node["const"] is None)


def row_key(items: Schema, documents: Collection[str]) -> tuple[str, list[str]]:
    """The property of a row that names what the row is about, and its options.

    A property whose options are documents' ids comes first, then the first choice of strings.
    """
    keys = [
        (name, one["enum"])
        for name, one in items.get("properties", {}).items()
        if is_choice(one) and all(isinstance(value, str) for value in one["enum"])
    ]
    of_documents = [(name, ids) for name, ids in keys if set(ids) <= set(documents)]
    return next(iter([*of_documents, *keys]), ("", []))


def ordered(node: Schema) -> list[str]:
    """The names of an object's properties as the API writes them: required ones first."""
    properties, required = node.get("properties", {}), node.get("required", [])
    first = [name for name in properties if name in required]
    return list(dict.fromkeys([*first, *properties]))


def levels(enum: list[int], ranking: list[Scored]) -> list[int]:
    """One level per item of the ranking, never rising, by its overlap as a share of the best."""
    best = ranking[0].score if ranking else 0.0
    return [level(enum, one.score / best if best else 0.0) for one in ranking]


def level(enum: list[int], share: float) -> int:
    """The level that stands at `share` (0 to 1) of the scale."""
    steps = sorted(enum)
    return steps[round(share * (len(steps) - 1))]


def _item_options(node: Schema) -> list[Any]:
    options: list[Any] = node.get("items", {}).get("enum", [])
    return options
