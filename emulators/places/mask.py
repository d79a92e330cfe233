"""Owns field masks: reading one, refusing what it cannot name, and keeping what it asks for."""

from dataclasses import dataclass
from typing import Any

from emulators.places.errors import invalid, unsupported
from emulators.places.fields import Fields
from emulators.places.json_body import camel

ALL = "*"
_MISSING = (
    "FieldMask is a required parameter. See https://cloud.google.com/apis/docs/system-parameters "
    "on how to provide it. As an example, you can set the header 'X-Goog-FieldMask' to value "
    "'{one}', '{other}' to ask for the display name and the place id of a place. You can also set "
    "the value to '*' in manual testing to get all the available response fields."
)
# Fields of a response that this emulator never fills: asked for by name they are refused.
_UNSUPPORTED = ("routingSummaries", "contextualContents")

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mask:
    """The paths asked for, and the same as a tree; an empty tree asks for all."""

    paths: tuple[str, ...]
    tree: Tree

    def apply(self, message: dict[str, Any]) -> dict[str, Any]:
        """The parts of the message that the mask asks for."""
        kept: dict[str, Any] = _kept(message, self.tree)
        return kept


def read(text: str, fields: Fields, prefix: str = "") -> Mask:
    """The mask of a request; `prefix` ("places.") is for the example in the error.

    Raises PlacesError 400 for no mask and for a path that names no field.
    """
    if not text:
        missing = _MISSING.format(one=f"{prefix}displayName", other=f"{prefix}id")
        raise invalid(missing)
    paths = tuple(_checked(path, fields) for path in text.split(","))
    return Mask(paths, _tree(paths))


def _checked(path: str, fields: Fields) -> str:
    """The path in camelCase. A trailing * stands for all fields at its place."""
    steps = path.split(".")
    inner: Fields | None = fields
    for place, step in enumerate(steps):
        if step == ALL and place == len(steps) - 1 and inner:
            return ".".join(map(camel, steps))
        if not inner or camel(step) not in inner:
            raise invalid(
                f"Error expanding 'fields' parameter. Cannot find matching fields for path "
                f"'{path}'.",
                path,
            )
        inner = inner[camel(step)]
    if camel(steps[0]) in _UNSUPPORTED:
        raise unsupported(steps[0])
    return ".".join(map(camel, steps))


def _tree(paths: tuple[str, ...]) -> Tree:
    tree: Tree = {}
    # The shortest first: whoever asks for a whole message gets it whole.
    for steps in sorted(
        ([step for step in path.split(".") if step != ALL] for path in paths), key=len
    ):
        if not steps:
            return {}
        _grow(tree, steps)
    return tree


def _grow(branch: Tree, steps: list[str]) -> None:
    for step in steps:
        whole = branch.get(step) == {}
        branch = branch.setdefault(step, {})
        if whole:
            return


def _kept(value: Any, tree: Tree) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_kept(item, tree) for item in value]
    return {name: _kept(value[name], inner) for name, inner in tree.items() if name in value}
