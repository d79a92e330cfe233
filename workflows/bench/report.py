"""All figures of one run, which of them meet their goals, and the file that keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from workflows.bench.cached import Pace
from workflows.bench.cold_start import ColdStart, typical
from workflows.bench.machine import Machine
from workflows.bench.stack_up import StackUp
from workflows.bench.tree import EMPTY
from workflows.bench.uncached import Overhead

# CPU seconds above the empty function's; the others have no goal of their own.
COLD_START_GOALS = {"read_trip": 0.25, "write_signal": 0.6, "generate_trip": 1.9}


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and the limit that it is meant to stay under."""

    name: str
    measured: float
    limit: float
    unit: str

    @property
    def verdict(self) -> str:
        """`ok` under the limit, else `over`."""
        return "ok" if self.measured < self.limit else "over"


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the benchmarks."""

    began_at: str
    quick: bool
    machine: Machine
    load_before: tuple[float, float, float]
    load_after: tuple[float, float, float]
    seconds: float
    stack_up: StackUp
    cached: Sequence[Pace]
    uncached: Overhead
    cold_starts: Mapping[str, Sequence[ColdStart]]
    imports: Mapping[str, Mapping[str, float]]

    def above_empty(self, function: str) -> float:
        """Return the CPU seconds of a function's cold start above the empty function's."""
        return self._cold_cpu(function) - self._cold_cpu(EMPTY)

    def goals(self) -> list[Goal]:
        """Return every figure that has a goal."""
        alone, together = self.cached
        return [
            Goal("stack up, fresh data folder", median(self.stack_up.cold_s), 5.0, "s"),
            Goal("stack up, existing data folder", median(self.stack_up.warm_s), 2.0, "s"),
            Goal("idle memory of the stack, PSS", self.stack_up.idle_total_mib, 350.0, "MiB"),
            Goal("trip from the cache, 1 at a time, p50", alone.trip_ms.p50, 80.0, "ms"),
            Goal("trip from the cache, 10 at a time, p95", together.trip_ms.p95, 400.0, "ms"),
            Goal(
                "uncached overhead, 10 at a time, p95", self.uncached.overhead_ms.p95, 500.0, "ms"
            ),
            *(
                Goal(f"cold start of {name}, CPU above empty", self.above_empty(name), limit, "s")
                for name, limit in COLD_START_GOALS.items()
            ),
        ]

    def write(self, path: Path) -> None:
        """Keep the figures as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(orjson.dumps(self._facts(), option=orjson.OPT_INDENT_2))

    def _facts(self) -> dict[str, Any]:
        goals = [{**asdict(goal), "verdict": goal.verdict} for goal in self.goals()]
        above = {name: self.above_empty(name) for name in self.cold_starts if name != EMPTY}
        return {**asdict(self), "cold_start_cpu_s_above_empty": above, "goals": goals}

    def _cold_cpu(self, function: str) -> float:
        return typical(self.cold_starts[function]).cpu_s
