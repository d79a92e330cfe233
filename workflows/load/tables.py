"""The figures of a load run as tables for a person."""

from rich.console import Console
from rich.table import Table

from workflows.load.audit import Audit
from workflows.load.capacity import P95_GOAL_MS
from workflows.load.generator import Outcome
from workflows.load.run import Cost, Report

_WIDTH = 110


def show(report: Report) -> None:
    """Print everything."""
    console = Console(highlight=False, width=_WIDTH)
    console.print(
        "\nSignals: POST /api/v1/signals through the gateway, open loop; ms from the moment a "
        "request was due. Lost: acknowledged without a row. Drained: from the last answer until "
        "nothing was undelivered."
    )
    table = _table("", "sent", "202", "p50", "p95", "p99", "max", "lost", "doubled", "drained s")
    _row(table, f"{len(report.burst.sent)} at once", report.burst, report.burst_audit)
    killed = f"{report.steady.rate:g}/s, consumer killed"
    _row(table, killed, report.steady, report.steady_audit)
    console.print(table)
    console.print("\nCPU ms per request, all processes, what follows the reply included:")
    table = _table("", "rate/s", "p95 ms", "all", "by process")
    _cost(table, "signal", report.signal_cost)
    _cost(table, "empty", report.empty_cost)
    console.print(table)
    console.print(f"\nHighest rate at which p95 stays under {P95_GOAL_MS:g} ms:")
    table = _table("", "per s", "p95 ms there", "generator's CPU share there", "generator-bound")
    for name, found in (("signal", report.signal_capacity), ("empty", report.empty_capacity)):
        best = next((o for o in found.tried if o.rate == found.highest), found.tried[0])
        share = best.generator_cpu_s / (len(best.sent) / best.rate)
        cells = (f"{found.highest:.0f}", f"{best.ms.p95:.0f}", f"{share:.2f} cores")
        table.add_row(name, *cells, "yes" if found.generator_bound else "no")
    console.print(table)
    console.print(
        f"\nShare of the empty function's rate: {report.capacity_share:.2f} (goal 0.25). "
        f"{report.machine.cpu}, {report.machine.cores} cores, Python {report.machine.python}."
    )


def _row(table: Table, name: str, outcome: Outcome, audit: Audit) -> None:
    ms = outcome.ms
    times = (f"{value:.0f}" for value in (ms.p50, ms.p95, ms.p99, ms.highest))
    counts = (str(len(outcome.sent)), str(len(outcome.accepted)))
    audited = (str(audit.lost), str(audit.doubled), f"{audit.drained_s:.1f}")
    table.add_row(name, *counts, *times, *audited)


def _cost(table: Table, name: str, cost: Cost) -> None:
    whole = sum(cost.cpu_ms.values())
    parts = sorted(cost.cpu_ms.items(), key=lambda item: -item[1])
    said = ", ".join(f"{part} {ms:.2f}" for part, ms in parts if ms >= whole / 100)
    table.add_row(name, f"{cost.rate:g}", f"{cost.outcome.ms.p95:.0f}", f"{whole:.2f}", said)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column)
    return table
