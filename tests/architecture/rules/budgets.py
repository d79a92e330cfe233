"""A function tells its caller to try again before the gateway or Cloud Run cuts the call off."""

import ast
from collections.abc import Iterator

from tests.architecture.house import House, Module

DEFAULT_S = 10.0
# What the face may take to answer after the limit, and a little for the way back.
SLACK_S = 0.75


def budgets_end_before_timeouts(house: House) -> Iterator[str]:
    """The limit of each public face is a number, and under the manifest's timeout."""
    for name, timeout in sorted(house.timeouts.items()):
        main = house.modules.get(f"functions.{name}.main")
        face = _face(main) if main else None
        if main is None or face is None:
            continue
        limit = _limit(face, main)
        if limit is None:
            yield f"{main.path}:{face.lineno} does not give its budget as a number."
        elif limit + SLACK_S > timeout:
            yield (
                f"{main.path}:{face.lineno} answers after {limit:g} s at the latest, too close to "
                f"the {timeout:g} s of its timeout in the manifest."
            )


def _face(main: Module) -> ast.Call | None:
    calls = (node for node in ast.walk(main.tree) if isinstance(node, ast.Call))
    return next((call for call in calls if ast.unparse(call.func) == "public_face"), None)


def _limit(face: ast.Call, main: Module) -> float | None:
    given = {keyword.arg: keyword.value for keyword in face.keywords}
    value = given.get("limit_seconds") or given.get("budget_seconds")
    if value is None:
        return DEFAULT_S
    if isinstance(value, ast.Name):
        value = _constants(main).get(value.id, value)
    if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
        return float(value.value)
    return None


def _constants(main: Module) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in main.tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
