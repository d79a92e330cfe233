"""What a function's process costs from its start to its first good answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from workflows.bench.footprint import cpu_seconds, pss_mib, tree
from workflows.bench.launcher import Launcher


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Wall seconds, CPU seconds and MiB of PSS of the whole process: the server and its worker."""

    wall_s: float
    cpu_s: float
    pss_mib: float


async def measure(launcher: Launcher, rounds: int) -> dict[str, list[ColdStart]]:
    """Start every function once a round, so that a busy minute of the machine meets them all."""
    found: dict[str, list[ColdStart]] = {name: [] for name in launcher.functions}
    for _ in range(rounds):
        for name, runs in found.items():
            runs.append(await _once(launcher, name))
    return found


def typical(runs: Sequence[ColdStart]) -> ColdStart:
    """Return the median of each figure."""
    return ColdStart(
        median(run.wall_s for run in runs),
        median(run.cpu_s for run in runs),
        median(run.pss_mib for run in runs),
    )


async def _once(launcher: Launcher, name: str) -> ColdStart:
    async with launcher.started(name) as started:
        pids = tree(started.pid)
        return ColdStart(started.wall_s, cpu_seconds(pids), pss_mib(pids))
