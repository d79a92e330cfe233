"""One folder = one deployable = one verb, with the same parts in each."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import House

PARTS = ("main.py", "operation.py", "example.json")
VERB_NOUN = re.compile(r"[a-z]+(?:_[a-z]+)+")
# Names that say nothing of what is inside, and so collect everything.
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "base",
    "common",
    "misc",
}


def folders_are_whole(house: House) -> Iterator[str]:
    """Each function has its face, its operation, an example, tests and a manifest entry."""
    for name in house.functions:
        folder = house.root / "functions" / name
        for part in PARTS:
            if not (folder / part).is_file():
                yield f"functions/{name} lacks {part}."
        if not any((house.root / "tests" / "functions" / name).glob("test_*.py")):
            yield f"functions/{name} lacks tests in tests/functions/{name}/."
        if name not in house.needs:
            yield f"functions/{name} stands in no workflows/*.toml."
        if not VERB_NOUN.fullmatch(name):
            yield f"functions/{name} is not named verb_noun."


def folders_are_packages(house: House) -> Iterator[str]:
    """import-linter does not see a folder without __init__.py, and so finds no fault in it."""
    for folder in sorted({(house.root / m.path).parent for m in house.modules.values()}):
        if not (folder / "__init__.py").is_file():
            yield f"{folder.relative_to(house.root)} holds modules but no __init__.py."


def entry_points_are_named_as_folders(house: House) -> Iterator[str]:
    """functions/read_trip/main.py defines read_trip, which FUNCTION_TARGET names."""
    for module in house.within("functions"):
        if module.is_main and module.domain not in _defined(module.tree):
            yield f"{module.path} defines no {module.domain}, the entry point of its folder."


def main_imports_by_full_name(house: House) -> Iterator[str]:
    """The framework loads main.py by its path, where a relative import means nothing."""
    for module in house.within("functions"):
        for node in ast.walk(module.tree):
            if module.is_main and isinstance(node, ast.ImportFrom) and node.level:
                yield f"{module.path}:{node.lineno} imports relatively: write the full name."


def names_say_what_is_inside(house: House) -> Iterator[str]:
    """No utils, helpers, manager, base and the like."""
    for module in house.modules.values():
        for part in module.name.split("."):
            if part in EMPTY_NAMES:
                yield f"{module.path} is named {part}, which says nothing of what is inside."


def _defined(tree: ast.Module) -> set[str]:
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names
