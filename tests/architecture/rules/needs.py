"""What a main.py can load is what its manifest entry says it needs."""

import ast
from collections.abc import Iterator

from tests.architecture.house import NEED_OF_DRIVER, House, asked_by_name

# Never needed to serve: training libraries, and what they bring in. 2 to 7 s of a cold start.
NEVER_SERVED = ("torch", "sentence_transformers", "sklearn", "transformers", "scipy")


def needs_equal_imports(house: House) -> Iterator[str]:
    """The drivers reachable from main.py, lazy imports included, are exactly its needs."""
    for name in house.functions:
        found: dict[str, str] = {}
        for module, chain in house.reachable(f"functions.{name}.main").items():
            if module in house.modules and house.modules[module].is_driver:
                need = NEED_OF_DRIVER[module.rpartition(".")[2]]
                found.setdefault(need, " -> ".join(chain))
        declared = house.needs.get(name, set())
        for need in sorted(found.keys() - declared):
            yield f"functions/{name} loads {need} ({found[need]}), which its needs do not list."
        for need in sorted(declared - found.keys()):
            yield f"functions/{name} says it needs {need}, but its main.py reaches no driver of it."


def anthropic_only_where_needed(house: House) -> Iterator[str]:
    """The library that costs 1.3 s to import is out of reach of functions that ask no LLM."""
    for name in house.functions:
        if "anthropic" in house.needs.get(name, set()):
            continue
        for module, chain in house.reachable(f"functions.{name}.main").items():
            if module.split(".")[0] == "anthropic":
                yield f"functions/{name} can load anthropic: {' -> '.join(chain)}."


def pyarrow_only_in_jobs(house: House) -> Iterator[str]:
    """What costs 50 MB and 0.13 s of CPU to import is out of reach of whoever answers calls."""
    for name in house.functions:
        if name in house.jobs:
            continue
        for module, chain in house.reachable(f"functions.{name}.main").items():
            if module.split(".")[0] == "pyarrow":
                yield f"functions/{name} can load pyarrow: {' -> '.join(chain)}."


def no_training_library_is_served(house: House) -> Iterator[str]:
    """torch, sentence_transformers and sklearn are out of reach of every served function."""
    for name in house.functions:
        for module, chain in house.reachable(f"functions.{name}.main").items():
            if module.split(".")[0] in NEVER_SERVED:
                yield f"functions/{name} can load {module}: {' -> '.join(chain)}."


def imports_are_written_out(house: House) -> Iterator[str]:
    """No import by a computed name: the rules here, and readers, could not follow it."""
    for module in house.within("functions", "shared"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and asked_by_name(node) == "":
                yield f"{module.path}:{node.lineno} imports by a computed name: write it out."
