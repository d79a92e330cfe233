"""`bench`: measures the system on this machine, prints the figures and keeps them as JSON."""

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

from workflows.bench import extraction, extraction_table, tables, walks, walks_table
from workflows.bench.run import measure
from workflows.manifest import ROOT

REPORT = ROOT / "build" / "reports" / "bench.json"
EXTRACTION_REPORT = REPORT.with_name("extraction.json")
WALKS_REPORT = REPORT.with_name("walks.json")
QUICK_SIGNALS = 100_000
QUICK_TRIPS = 100


def main(arguments: argparse.Namespace) -> int:
    """Return 0 whatever the figures are; raises RequestFailed, and then nothing is measured."""
    # The load stays on this machine: with a key the functions would ask the real model.
    os.environ.pop("ANTHROPIC_API_KEY", None)
    measures = {"requests": _requests, "extraction": _extraction, "walks": _walks}
    return measures[arguments.what](arguments)


def _requests(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="overplanned-bench-") as folder:
        report = asyncio.run(measure(Path(folder), _say, quick=arguments.quick))
    report.write(REPORT)
    tables.show(report)
    print(f"\nTook {report.seconds:.0f} s; all figures are in build/reports/{REPORT.name}.")
    return 0


def _extraction(arguments: argparse.Namespace) -> int:
    signals = min(arguments.signals, QUICK_SIGNALS) if arguments.quick else arguments.signals
    with tempfile.TemporaryDirectory(prefix="overplanned-bench-") as folder:
        report = asyncio.run(extraction.measure(Path(folder), signals, _say))
    report.write(EXTRACTION_REPORT)
    extraction_table.show(report)
    print(f"\nTook {report.seconds:.0f} s; all is in build/reports/{EXTRACTION_REPORT.name}.")
    return 0


def _walks(arguments: argparse.Namespace) -> int:
    trips = min(arguments.trips, QUICK_TRIPS) if arguments.quick else arguments.trips
    report = walks.measure(trips, _say)
    report.write(WALKS_REPORT)
    walks_table.show(report)
    print(f"\nTook {report.seconds:.0f} s; all is in build/reports/{WALKS_REPORT.name}.")
    return 0


def _say(what: str) -> None:
    print(f"==> {what}", flush=True)
