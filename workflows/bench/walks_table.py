"""The figures on walks as tables for a person."""

from rich.console import Console
from rich.table import Table

from workflows.bench.walks import Walks, WalksReport

_WIDTH = 100


def show(report: WalksReport, console: Console | None = None) -> None:
    """Print lengths and scores by pace, then the checks, then CPU."""
    console = console or Console(highlight=False, width=_WIDTH)
    console.print(
        "\nDays of simulated tastes in the sample city: length over the shortest order that keeps "
        "hours, meals and day parts, and over the shortest of all orders (goals 1.00; mean 1.10, "
        "p90 1.30); score of the stops over plans that ignore walking (goal 0.95).",
        markup=False,
    )
    lengths = _table("pace", "days", "kept max", "any mean", "p90", "max", "score", "km", "stops",
                     "afternoon ends")  # fmt: skip
    for walks in report.walks:
        lengths.add_row(*_cells(walks))
    console.print(lengths)
    checked = report.checked
    console.print(
        f"{checked.trips:,} random trips of {checked.days:,} days: "
        f"violations {_counted(checked.violations)}; bent {_counted(checked.bent)}."
    )
    costs = _table("days", "pace", "n", "CPU ms p50", "p95")
    for cost in report.costs:
        found = cost.cpu_ms
        figures = (f"{found.p50:.0f}", f"{found.p95:.0f}")
        costs.add_row(str(cost.days), cost.pace, str(found.n), *figures)
    console.print(costs)


def _cells(walks: Walks) -> tuple[str, ...]:
    return (
        walks.pace or "all",
        str(walks.to_any.n),
        f"{walks.to_kept.highest:.4f}",
        f"{walks.to_any.mean:.3f}",
        f"{walks.to_any.p90:.3f}",
        f"{walks.to_any.highest:.2f}",
        f"{walks.score_share:.3f}",
        f"{walks.km_a_day:.1f}",
        f"{walks.stops_a_day:.2f}",
        f"{int(walks.afternoon_ends)}:{int(walks.afternoon_ends % 1 * 60):02}",
    )


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{rule} {count}" for rule, count in sorted(counts.items())) or "none"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column)
    return table
