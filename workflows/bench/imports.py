"""Which packages a function's cold start pays for, read from Python's -X importtime."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflows.bench.launcher import Launcher
from workflows.bench.tree import EMPTY

HEAVIEST = 8
_OURS = frozenset({"functions", "shared"})
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( *)(\S+)")


@dataclass(frozen=True, slots=True)
class Import:
    """A module as it was imported: how deep below others, and milliseconds with its own imports."""

    module: str
    depth: int
    cumulative_ms: float


async def measure(launcher: Launcher) -> dict[str, dict[str, float]]:
    """Return the heaviest packages of each function, in ms, beyond what the empty one imports."""
    found = {name: await _imported(launcher, name) for name in launcher.functions}
    framework = {one.module for one in found.pop(EMPTY)}
    return {name: heaviest(imports, framework) for name, imports in found.items()}


def heaviest(imports: Iterable[Import], known: set[str]) -> dict[str, float]:
    """Return the packages that cost most, heaviest first; what is `known` already costs nothing.

    A package's time is that of its outermost imports, so it contains the packages that these
    import in turn.
    """
    found: dict[str, float] = {}
    for one in _outermost(imports):
        if one.module not in known:
            package = _package(one.module)
            found[package] = found.get(package, 0.0) + one.cumulative_ms
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return dict(ranked[:HEAVIEST])


def read_import_times(lines: Iterable[str]) -> list[Import]:
    """Return the imports in the order of Python's report: a module after those it imported."""
    matches = (_LINE.match(line) for line in lines)
    return [
        Import(match[4], len(match[3]) // 2, int(match[2]) / 1000) for match in matches if match
    ]


def _outermost(imports: Iterable[Import]) -> Iterator[Import]:
    """Yield the modules that no module of their own package imported; ours are looked through."""
    above: list[str] = []
    for one in reversed(list(imports)):
        del above[one.depth :]
        package = _package(one.module)
        above.extend([""] * (one.depth - len(above)))
        inside = package in above
        above.append(package)
        if not inside and package not in _OURS:
            yield one


def _package(module: str) -> str:
    """The name that people know a module by: `google.cloud.pubsub_v1`, `asyncpg`."""
    parts = module.split(".")
    if parts[0] != "google":
        return parts[0]
    return ".".join(parts[: 3 if parts[1:2] == ["cloud"] else 2])


async def _imported(launcher: Launcher, name: str) -> list[Import]:
    async with launcher.started(name, ["-X", "importtime"]) as started:
        return read_import_times(started.log.read_text(errors="replace").splitlines())
