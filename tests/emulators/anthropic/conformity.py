"""Whether a JSON value is what a schema asks for; written apart from the emulator's own reader."""

from typing import Any

_TYPES: dict[str, Any] = {
    "string": lambda it: isinstance(it, str),
    "integer": lambda it: type(it) is int,
    "number": lambda it: type(it) in (int, float),
    "boolean": lambda it: isinstance(it, bool),
    "null": lambda it: it is None,
}


def conforms(value: Any, node: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether `value` is valid for `node` of the schema `root`."""
    if "$ref" in node:
        return conforms(value, root["$defs"][node["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in node:
        return any(conforms(value, one, root) for one in node["anyOf"])
    if isinstance(node.get("type"), list):
        return any(conforms(value, node | {"type": one}, root) for one in node["type"])
    if "const" in node:
        return bool(value == node["const"])
    if "enum" in node:
        return value in node["enum"]
    if node["type"] == "object":
        return _is_object(value, node, root)
    if node["type"] == "array":
        return len(value) >= node.get("minItems", 0) and all(
            conforms(one, node["items"], root) for one in value
        )
    return bool(_TYPES[node["type"]](value))


def _is_object(value: Any, node: dict[str, Any], root: dict[str, Any]) -> bool:
    properties, required = node["properties"], node.get("required", [])
    return (
        isinstance(value, dict)
        and set(required) <= value.keys() <= properties.keys()
        and all(conforms(one, properties[name], root) for name, one in value.items())
    )
