"""Owns the reading of a JSON schema: checked as structured outputs check it, without references."""

from dataclasses import dataclass

from emulators.anthropic import keywords
from emulators.anthropic.keywords import Schema, refuse

OPTIONAL_LIMIT = 24
UNION_LIMIT = 16
# The real bound on a compiled grammar is not published; this one only stops runaway references.
NODE_LIMIT = 20_000


def tree(schema: object) -> Schema:
    """`schema` with every $ref replaced by what it names and type lists written as anyOf.

    Raises InvalidRequest where the real API would refuse the schema, Unsupported for `allOf` and
    `pattern`, which it takes and this emulator does not answer.
    """
    if not isinstance(schema, dict):
        refuse("Input should be a valid dictionary")
    reader = _Reader(schema)
    read = reader.read(schema, ())
    reader.check_totals()
    return read


@dataclass(slots=True)
class _Reader:
    """Walks one schema; `path` holds the references that led to a node."""

    root: Schema
    optional: int = 0
    unions: int = 0
    nodes: int = 0

    def read(self, node: object, path: tuple[str, ...]) -> Schema:
        if not isinstance(node, dict):
            refuse("Every schema must be an object.")  # ours
        self.nodes += 1
        if self.nodes > NODE_LIMIT:
            refuse(
                "Invalid schema: The compiled grammar is too large, which would cause performance "
                "issues. Simplify your tool schemas or reduce the number of strict tools."
            )
        if "$ref" in node:
            return self._referenced(node, path)
        keywords.check_combinators(node)
        if "anyOf" in node or isinstance(node.get("type"), list):
            return self._union(node, path)
        keywords.check(node)
        if node.get("type") == "object":
            return self._object(node, path)
        if node.get("type") == "array":
            return node | {"items": self.read(node["items"], path)}
        return node

    def _referenced(self, node: Schema, path: tuple[str, ...]) -> Schema:
        name = str(node["$ref"])
        if name in path:
            circle = [one.rsplit("/", 1)[-1] for one in (*path[path.index(name) :], name)]
            refuse(
                f"Circular reference detected in schema definitions: {' -> '.join(circle)}. "
                "Self-referencing or mutually-referencing definitions are not supported."
            )
        found = self.read(_named(self.root, name), (*path, name))
        return found | {key: node[key] for key in ("title", "description") if key in node}

    def _union(self, node: Schema, path: tuple[str, ...]) -> Schema:
        self.unions += 1
        variants = node.get("anyOf") or [{**node, "type": kind} for kind in node.get("type", [])]
        if not isinstance(variants, list) or not variants:
            refuse("'anyOf' must be a non-empty list of schemas.")  # ours
        kept: Schema = {key: node[key] for key in ("title", "description") if key in node}
        return kept | {"anyOf": [self.read(variant, path) for variant in variants]}

    def _object(self, node: Schema, path: tuple[str, ...]) -> Schema:
        properties: Schema = node.get("properties", {})
        self.optional += len(properties) - len(set(node.get("required", [])))
        return node | {
            "properties": {name: self.read(one, path) for name, one in properties.items()}
        }

    def check_totals(self) -> None:
        if self.optional > OPTIONAL_LIMIT:
            refuse(
                f"Schemas contains too many optional parameters ({self.optional}), which would "
                "make grammar compilation inefficient. Reduce the number of optional parameters "
                f"in your tool schemas (limit: {OPTIONAL_LIMIT})."
            )
        if self.unions > UNION_LIMIT:
            refuse(
                f"Schemas contains too many parameters with union types ({self.unions} parameters "
                "with type arrays or anyOf). Reduce the number of nullable or union-typed "
                f"parameters (limit: {UNION_LIMIT})."
            )


def _named(root: Schema, name: str) -> object:
    if name != "#" and not name.startswith("#/"):
        refuse(f"External $ref '{name}' is not supported.")  # ours
    target: object = root
    for step in name.split("/")[1:]:
        target = target.get(step) if isinstance(target, dict) else None
    if target is None:
        refuse(f"$ref '{name}' names no definition of this schema.")  # ours
    return target
