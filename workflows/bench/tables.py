"""The figures as tables for a person, each under a line that says what was measured."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from workflows.bench.cached import Pace
from workflows.bench.cold_start import typical
from workflows.bench.report import COLD_START_GOALS, Report
from workflows.bench.spread import Spread
from workflows.bench.stack_up import StackUp
from workflows.bench.tree import EMPTY
from workflows.bench.uncached import TOKENS_PER_S, TTFT_S, Overhead

_WIDTH = 100
_SPREAD = ("n", "p50 ms", "p95 ms", "p99 ms", "max ms")


def show(report: Report, console: Console | None = None) -> None:
    """Print everything, the goals last."""
    console = console or Console(highlight=False, width=_WIDTH)
    for said, table in (
        _stack_up(report.stack_up),
        _cached(report.cached),
        _uncached(report.uncached),
        _cold_starts(report),
        _imports(report),
        _goals(report),
    ):
        console.print(f"\n{said}", markup=False)
        console.print(table)


def _stack_up(stack: StackUp) -> tuple[str, Table]:
    table = _table("", "")
    for name, seconds in (("fresh data folder", stack.cold_s), ("existing one", stack.warm_s)):
        table.add_row(name, ", ".join(f"{second:.2f} s" for second in seconds))
    memory = sorted(stack.idle_pss_mib.items(), key=lambda item: -item[1])
    each = ", ".join(f"{name} {mib:.0f}" for name, mib in memory)
    table.add_row("idle memory", f"{stack.idle_total_mib:.0f} MiB: {each}")
    said = (
        "Stack up: wall time of each start, from the command until everything listens; memory is "
        "the sum of PSS before any function has started."
    )
    return said, table


def _cached(paces: Sequence[Pace]) -> tuple[str, Table]:
    said = (
        "Trips from the cache: POST /api/v1/trips, three days, through the gateway, in turns with "
        "an empty function behind the same gateway. `client`: cores that the load client took; "
        f"`elsewhere`: cores busy with neither. CPU per trip, {paces[-1].concurrency} at once: "
        f"{_cpu(paces[-1].cpu_ms_per_trip)}."
    )
    table = _table("at once", "", *_SPREAD, "per s", "client", "elsewhere")
    for pace in paces:
        table.add_row(str(pace.concurrency), "trip", *_numbers(pace.trip_ms), *_company(pace))
        table.add_row("", "empty", *_numbers(pace.empty_ms))
        table.add_row("", "ratio", "", f"{pace.ratio_p50:.0f}×", f"{pace.ratio_p95:.0f}×")
    return said, table


def _uncached(found: Overhead) -> tuple[str, Table]:
    said = (
        f"Uncached trips (emulated LLM: {TTFT_S:g} s to first token, {TOKENS_PER_S:g} tokens/s), "
        f"{found.concurrency} at once, each in a city of its own that has just got a new "
        "snapshot: nine cells to rank, none shared or cached. Overhead is wall time less the LLM's "
        f"own for the longest call, {TTFT_S:g} s + {found.tokens} tokens / {TOKENS_PER_S:g} = "
        f"{found.llm_s:.3f} s as the emulator was told (all cells have as many tokens); outside is "
        "wall time less the longest call as the function timed it. The prewarm queue takes its "
        f"tasks but is held back. CPU per trip: {_cpu(found.cpu_ms_per_trip)}."
    )
    table = _table("", *_SPREAD, "per s", "client", "elsewhere")
    table.add_row("wall", *_numbers(found.wall_ms), *_company(found))
    table.add_row("overhead", *_numbers(found.overhead_ms))
    table.add_row("outside", *_numbers(found.outside_ms))
    return said, table


def _cold_starts(report: Report) -> tuple[str, Table]:
    said = (
        "Cold starts: a fresh process of the production command, .pyc files there, from its start "
        "to the first good answer to its example.json. CPU is user and system of the server and "
        f"its worker; medians of {len(report.cold_starts[EMPTY])}, the functions in turns."
    )
    table = _table("function", "wall s", "CPU s", "above empty", "goal", "", "PSS MiB")
    for name in sorted(report.cold_starts, key=report.above_empty):
        found, above = typical(report.cold_starts[name]), report.above_empty(name)
        figures = (f"{found.wall_s:.2f}", f"{found.cpu_s:.2f}", f"{above:+.2f}")
        limit = COLD_START_GOALS.get(name)
        goal = ("", "") if limit is None else (f"< {limit:g}", "ok" if above < limit else "over")
        table.add_row(name, *figures, *goal, f"{found.pss_mib:.0f}")
    return said, table


def _imports(report: Report) -> tuple[str, Table]:
    said = (
        "What cold starts import beyond the empty function, by -X importtime (which slows them): "
        "ms with all that a package imports in turn, so that a nested one counts in both."
    )
    table = _table("function", "heaviest packages")
    for name, packages in report.imports.items():
        table.add_row(name, ", ".join(f"{package} {ms:.0f}" for package, ms in packages.items()))
    return said, table


def _goals(report: Report) -> tuple[str, Table]:
    machine = report.machine
    said = (
        f"Goals, on {machine.cpu}, {machine.cores} cores, {machine.memory_mib / 1024:.0f} GiB, "
        f"Linux {machine.kernel}, Python {machine.python}; load average "
        f"{report.load_before[0]:.1f} before and {report.load_after[0]:.1f} after."
    )
    table = _table("figure", "measured", "goal", "")
    for goal in report.goals():
        measured, limit = (f"{value:.3g} {goal.unit}" for value in (goal.measured, goal.limit))
        table.add_row(goal.name, measured, f"< {limit}", goal.verdict)
    return said, table


def _cpu(parts: Mapping[str, float]) -> str:
    """The parts that take at least a hundredth of the whole."""
    least = sum(parts.values()) / 100
    return ", ".join(f"{name} {ms:.1f} ms" for name, ms in parts.items() if ms >= least)


def _company(found: Pace | Overhead) -> tuple[str, str, str]:
    rate = f"{found.trips_per_second:.1f}"
    return rate, f"{found.client_share:.2f}", f"{found.elsewhere_cores:.2f}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column)
    return table


def _numbers(found: Spread) -> Iterator[str]:
    yield str(found.n)
    for value in (found.p50, found.p95, found.p99, found.highest):
        yield f"{value:.1f}" if value < 10 else f"{value:.0f}"
