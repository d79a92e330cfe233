"""The extraction's figures as a table for a person."""

from rich.console import Console
from rich.table import Table

from workflows.bench.extraction import Execution, ExtractionReport

_WIDTH = 100


def show(report: ExtractionReport, console: Console | None = None) -> None:
    """Print every execution, then what the two sizes and numbers of tasks say together."""
    console = console or Console(highlight=False, width=_WIDTH)
    table = Table("signals", "tasks", "s", "rows/s", "MiB written", "peak RSS MiB", "peak PSS MiB",
                  "CPU s of tasks", "of engines", box=None, pad_edge=False)  # fmt: skip
    for execution in report.executions:
        table.add_row(*_cells(execution))
    console.print(
        "\nExtraction of generated (simulated) signals, 40 answers and 200 candidates a trip; "
        "wall time with the start of the processes, memory of each task's process.",
        markup=False,
    )
    console.print(table)
    same = "the same" if report.same_bytes else "DIFFERENT"
    console.print(f"1 and 4 tasks wrote {same} bytes in every file (SHA-256 of the manifests).")
    console.print(
        f"Ten times the rows took {report.memory_growth:.2f} times the peak memory (RSS, 1 task)."
    )


def _cells(execution: Execution) -> tuple[str, ...]:
    tasks = execution.tasks
    return (
        f"{execution.signals:,}",
        str(len(tasks)),
        f"{execution.seconds:.1f}",
        f"{execution.per_second:,.0f}",
        f"{execution.bytes / 2**20:.1f}",
        ", ".join(f"{task.peak_rss_mib:.0f}" for task in tasks),
        ", ".join(f"{task.peak_pss_mib:.0f}" for task in tasks),
        f"{sum(task.cpu_s for task in tasks):.1f}",
        ", ".join(f"{name} {s:.1f}" for name, s in execution.stack_cpu_s.items() if s >= 0.1),
    )
