"""`load`: puts the seed's load on a stack of its own, prints the figures and keeps them as JSON."""

import argparse
import asyncio
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from workflows.load import tables
from workflows.load.run import Report, measure
from workflows.manifest import ROOT
from workflows.processes.limits import allow_many_files

REPORT = ROOT / "build" / "reports" / "load.json"


def main(arguments: argparse.Namespace) -> int:
    """Return 1 where a signal was lost or doubled, else 0; raises RequestFailed."""
    os.environ.pop("ANTHROPIC_API_KEY", None)
    allow_many_files()
    with tempfile.TemporaryDirectory(prefix="overplanned-load-") as folder:
        report = asyncio.run(measure(Path(folder), _say, quick=arguments.quick))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_bytes(orjson.dumps(_facts(report), option=orjson.OPT_INDENT_2))
    tables.show(report)
    print(f"\nTook {report.seconds:.0f} s; all figures are in build/reports/{REPORT.name}.")
    audits = (report.burst_audit, report.steady_audit)
    return 1 if any(audit.lost or audit.doubled for audit in audits) else 0


def _facts(report: Report) -> dict[str, Any]:
    return {**_without_ids(asdict(report)), "capacity_share": report.capacity_share}


def _without_ids(value: Any) -> Any:
    """The same facts, with the number of signals in place of their ids."""
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: len(held) if name in ("sent", "accepted") else _without_ids(held)
        for name, held in value.items()
    }


def _say(what: str) -> None:
    print(f"==> {what}", flush=True)
