"""`bench`: measures the system on this machine, prints the figures and keeps them as JSON."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from workflows.bench import tables
from workflows.bench.run import measure
from workflows.manifest import ROOT

REPORT = ROOT / "build" / "reports" / "bench.json"


def main(arguments: argparse.Namespace) -> int:
    """Return 0 whatever the figures are; where a request fails nothing is measured."""

    def say(what: str) -> None:
        print(f"==> {what}", flush=True)

    with tempfile.TemporaryDirectory(prefix="overplanned-bench-") as folder:
        report = asyncio.run(measure(Path(folder), say, quick=arguments.quick))
    report.write(REPORT)
    tables.show(report)
    print(f"\n{report.seconds:.0f} s; all figures: {REPORT.relative_to(ROOT)}")
    return 0
