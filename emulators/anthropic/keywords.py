"""Owns which keywords of JSON schema structured outputs take on each type, and how they refuse.

https://platform.claude.com/docs/en/build-with-claude/structured-outputs; wordings as people have
reported them from the real API, where a comment does not mark them as ours.
"""

from typing import Any, NoReturn

from emulators.anthropic.errors import InvalidRequest, Unsupported

Schema = dict[str, Any]

# What each format is answered with: a prompt's words cannot be relied on to hold such a value.
FORMATTED = {
    "date-time": "2026-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "date": "2026-01-01",
    "duration": "PT1H",
    "email": "nobody@example.com",
    "hostname": "example.com",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_REFUSED = ("oneOf", "not", "if", "then", "else", "patternProperties", "prefixItems")
_UNANSWERED = ("allOf", "pattern")
_ANYWHERE = frozenset(
    {"type", "title", "description", "default", "examples", "enum", "const"}
    | {"$defs", "definitions", "$schema", "$id", "$comment"}
)
_BY_TYPE: dict[str, frozenset[str]] = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "minItems"}),
    "string": frozenset({"format"}),
    "integer": frozenset(),
    "number": frozenset(),
    "boolean": frozenset(),
    "null": frozenset(),
}


def check_combinators(node: Schema) -> None:
    """Refuses the ways to combine schemas that are not taken."""
    for key in _REFUSED:
        if key in node:
            refuse(f"Schema type '{key}' is not supported")
    for key in _UNANSWERED:
        if key in node:
            raise Unsupported(f"The schema keyword '{key}'")


def check(node: Schema) -> None:
    """Refuses a node that is neither a union nor a reference and breaks the rules of its type."""
    _check_literals(node)
    kind = node.get("type")
    if kind is None and ("enum" in node or "const" in node):
        return
    if kind not in _BY_TYPE:
        refuse(f"Schema type {kind!r} is not supported")  # ours
    _check_keywords(node, kind)
    if kind == "object":
        _check_object(node)
    if kind == "array":
        _check_array(node)


def refuse(message: str) -> NoReturn:
    """Raises the error that the real API answers to such a schema."""
    raise InvalidRequest(f"output_config.format.schema: {message}")


def _check_literals(node: Schema) -> None:
    enum = node.get("enum", [None])
    if not isinstance(enum, list) or not enum:
        refuse("'enum' must be a non-empty list.")  # ours
    if any(isinstance(value, dict | list) for value in (*enum, node.get("const"))):
        refuse("'enum' and 'const' take strings, numbers, booleans and null only.")  # ours


def _check_keywords(node: Schema, kind: str) -> None:
    unknown = sorted(node.keys() - _ANYWHERE - _BY_TYPE[kind])
    if len(unknown) == 1:
        refuse(f"For '{kind}' type, property '{unknown[0]}' is not supported")
    if unknown:
        refuse(f"For '{kind}' type, properties {', '.join(unknown)} are not supported")
    if node.get("format", "date") not in FORMATTED:
        refuse(f"For 'string' type, format '{node['format']}' is not supported")  # ours


def _check_object(node: Schema) -> None:
    extra = node.get("additionalProperties")
    if extra is None:
        refuse("For 'object' type, 'additionalProperties' must be explicitly set to false")
    if extra is not False:
        shown = "true" if extra is True else "object"
        refuse(
            f"For 'object' type, 'additionalProperties: {shown}' is not supported. "
            "Please set 'additionalProperties' to false"
        )
    properties, required = node.get("properties", {}), node.get("required", [])
    if not isinstance(properties, dict) or not isinstance(required, list):
        refuse("'properties' must be an object and 'required' a list.")  # ours
    if unknown := [name for name in required if name not in properties]:
        refuse(f"'required' names {unknown[0]!r}, which is no property.")  # ours


def _check_array(node: Schema) -> None:
    if node.get("minItems", 0) not in (0, 1):
        refuse("For 'array' type, 'minItems' values other than 0 or 1 are not supported")
    if "items" not in node:
        refuse("For 'array' type, 'items' must be given")  # ours
