"""How long the stack takes to start, and what it takes of memory before it has done anything."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from workflows.bench.footprint import parts, pss_mib
from workflows.stack import Stack


@dataclass(frozen=True, slots=True)
class StackUp:
    """Wall seconds to ready of each start, and MiB of PSS by process of the idle stack."""

    cold_s: list[float]
    warm_s: list[float]
    idle_pss_mib: dict[str, float]

    @property
    def idle_total_mib(self) -> float:
        """All processes together."""
        return sum(self.idle_pss_mib.values())


async def measure(folder: Path, root: Path, starts: int) -> StackUp:
    """Start and stop a stack `starts` times on fresh folders and as often on the last of them.

    The memory is that of the heaviest start.
    """
    fresh = [Stack(folder / f"stack-{number}", root=root) for number in range(starts)]
    cold = [await _start(stack) for stack in fresh]
    warm = [await _start(fresh[-1]) for _ in range(starts)]
    heaviest = max((idle for _, idle in (*cold, *warm)), key=lambda idle: sum(idle.values()))
    return StackUp([took for took, _ in cold], [took for took, _ in warm], heaviest)


async def _start(stack: Stack) -> tuple[float, dict[str, float]]:
    """Return the seconds to ready and the memory by process; the stack has stopped then."""
    began = perf_counter()
    await asyncio.to_thread(stack.start)
    took = perf_counter() - began
    status = await stack.status()
    # A schedule may have started a function since; it is no part of the idle stack.
    idle = {
        name: pss_mib(pids)
        for name, pids in parts(status).items()
        if name not in status["functions"]
    }
    await asyncio.to_thread(stack.stop)
    return took, idle
