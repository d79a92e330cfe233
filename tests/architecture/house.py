"""Our source as the rules see it: modules, what each imports, and what the manifest says."""

import ast
import tomllib
from collections import deque
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PACKAGES = ("functions", "shared", "workflows", "emulators", "migrations")
# File name of a driver -> the need that stands for its technology in the manifest.
NEED_OF_DRIVER = {
    "postgres": "postgres",
    "redis": "redis",
    "qdrant": "qdrant",
    "anthropic": "anthropic",
    "onnx": "onnx",
    "gcs": "storage",
    "parquet": "storage",
    "pubsub": "pubsub",
    "tasks": "tasks",
}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: a module of ours, or what is asked of others' in full."""

    target: str
    line: int


@dataclass(frozen=True, eq=False)
class Module:
    """One Python file."""

    name: str
    path: str
    tree: ast.Module
    imports: tuple[Import, ...]

    @property
    def domain(self) -> str:
        """The second word of its name: the domain in shared, the function in functions."""
        return [*self.name.split("."), ""][1]

    @property
    def is_driver(self) -> bool:
        """Whether it is one of the files that talk to a technology."""
        parts = self.name.split(".")
        return parts[0] == "shared" and len(parts) > 2 and parts[-1] in NEED_OF_DRIVER

    @property
    def is_command(self) -> bool:
        """Whether `python -m` runs it: it ends with `if __name__ == "__main__"`."""
        last = self.tree.body[-1] if self.tree.body else None
        return isinstance(last, ast.If) and "__name__" in ast.unparse(last.test)

    @property
    def is_main(self) -> bool:
        """Whether it is a function's or a job's face."""
        parts = self.name.split(".")
        return parts[0] == "functions" and parts[2:] == ["main"]


class House:
    """The source tree under `root`; modules by their dotted name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def modules(self) -> dict[str, Module]:
        """All modules of our packages."""
        paths = {
            _dotted(path.relative_to(self.root)): path
            for package in PACKAGES
            for path in sorted((self.root / package).rglob("*.py"))
        }
        return {name: self._module(name, path, paths.keys()) for name, path in paths.items()}

    def within(self, *packages: str) -> Iterator[Module]:
        """The modules of the named packages."""
        return (m for m in self.modules.values() if m.name.split(".")[0] in packages)

    @cached_property
    def functions(self) -> list[str]:
        """The folders under functions/ that hold a file."""
        folders = (self.root / "functions").glob("[!_.]*/")
        return sorted(f.name for f in folders if any(file.is_file() for file in f.iterdir()))

    @cached_property
    def needs(self) -> dict[str, set[str]]:
        """Each function and job of the manifest, with the needs it declares."""
        tables = {**self._declared("functions"), **self._declared("jobs")}
        return {name: set(table.get("needs", [])) for name, table in tables.items()}

    @cached_property
    def jobs(self) -> set[str]:
        """The names of the manifest's jobs."""
        return set(self._declared("jobs"))

    @cached_property
    def timeouts(self) -> dict[str, float]:
        """The seconds that the manifest gives each function that names them."""
        tables = self._declared("functions")
        return {
            name: float(table["timeout"].removesuffix("s"))
            for name, table in tables.items()
            if "timeout" in table
        }

    def _declared(self, kind: str) -> dict[str, dict[str, Any]]:
        declared: dict[str, dict[str, Any]] = {}
        for file in sorted((self.root / "workflows").glob("*.toml")):
            declared |= tomllib.loads(file.read_text("utf-8")).get(kind, {})
        return declared

    def reachable(self, start: str) -> dict[str, tuple[str, ...]]:
        """Everything that an import of `start` can load, with the shortest chain to each.

        Imports inside functions count, and a module loads the packages that it lies in.
        """
        chains: dict[str, tuple[str, ...]] = {start: (start,)}
        waiting = deque([start])
        while waiting:
            name = waiting.popleft()
            for target in self._loads(name):
                if target not in chains:
                    chains[target] = (*chains[name], target)
                    waiting.append(target)
        return chains

    def _loads(self, name: str) -> Iterator[str]:
        if name in self.modules:
            yield from (found.target for found in self.modules[name].imports)
            parent = name.rpartition(".")[0]
            if parent in self.modules:
                yield parent

    def _module(self, name: str, path: Path, known: Container[str]) -> Module:
        tree = ast.parse(path.read_text("utf-8"), filename=str(path))
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        imports = tuple(_imports(tree, package, known))
        return Module(name, str(path.relative_to(self.root)), tree, imports)


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module, package: str, known: Container[str]) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            origin = ".".join((*above, node.module or "")) if node.level else node.module or ""
            origin = origin.rstrip(".")
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                ours = origin in known and inner not in known
                yield Import(origin if ours else inner, node.lineno)
        elif isinstance(node, ast.Call) and (name := asked_by_name(node)):
            yield Import(name, node.lineno)


def asked_by_name(call: ast.Call) -> str | None:
    """The module that `import_module("x")` or `to_thread(import_module, "x")` loads.

    An empty text where the name is computed; None where the call imports nothing.
    """
    words = [ast.unparse(word).rpartition(".")[2] for word in (call.func, *call.args)]
    for word, argument in zip(words, call.args, strict=False):
        if word in ("import_module", "__import__"):
            literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            return ast.literal_eval(argument) if literal else ""
    return None
