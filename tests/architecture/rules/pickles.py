"""Nothing that is served loads data that can run code."""

import ast
from collections.abc import Iterator

from tests.architecture.house import House

PICKLERS = ("pickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve")
# Methods that unpickle, whatever they are called on.
UNPICKLING = ("read_pickle", "to_pickle")


def nothing_served_unpickles(house: House) -> Iterator[str]:
    """No pickle, joblib or marshal, and no numpy array with allow_pickle."""
    for module in house.within("functions", "shared"):
        for found in module.imports:
            if found.target.split(".")[0] in PICKLERS:
                yield f"{module.path}:{found.line} imports {found.target}: pickles can run code."
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and _allows_pickle(node):
                yield f"{module.path}:{node.lineno} passes allow_pickle: pickles can run code."
            if isinstance(node, ast.Attribute) and node.attr in UNPICKLING:
                yield f"{module.path}:{node.lineno} calls {node.attr}: pickles can run code."


def _allows_pickle(call: ast.Call) -> bool:
    return any(
        keyword.arg == "allow_pickle"
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
        for keyword in call.keywords
    )
