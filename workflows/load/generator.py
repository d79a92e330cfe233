"""Starts locust on an order and reads what it reports."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from workflows.bench.caller import RequestFailed
from workflows.bench.spread import Spread, percentile, spread
from workflows.manifest import ROOT

_LOCUSTFILE = Path(__file__).with_name("locustfile.py")
# Later than this the generator itself was the bottleneck, and the run says nothing of the system.
_TOO_LATE_MS = 100.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests of one kind: where they go and what they say, used in turn."""

    path: str
    requests: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one run; `ms` counts from the moment at which a request was due."""

    rate: float
    sent: Sequence[str]
    accepted: Sequence[str]
    refused: Mapping[str, int]
    ms: Spread
    late_p95_ms: float
    generator_cpu_s: float

    @property
    def in_time(self) -> bool:
        """Whether the generator kept its own pace."""
        return self.late_p95_ms < _TOO_LATE_MS


async def send(url: str, traffic: Traffic, count: int, rate: float, folder: Path) -> Outcome:
    """Send `count` requests, `rate` per second in an open loop or all at once where it is 0.

    Raises RequestFailed where locust itself failed.
    """
    order, report = folder / "order.json", folder / "report.json"
    report.unlink(missing_ok=True)
    wanted = {"url": url, "path": traffic.path, "rate": rate, "count": count}
    order.write_bytes(orjson.dumps({**wanted, "requests": list(traffic.requests)}))
    words = ["-f", str(_LOCUSTFILE), "--headless", "-u", "1", "-r", "1", "--only-summary"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "locust",
        *words,
        "--loglevel",
        "WARNING",
        env={**os.environ, "LOAD_ORDER": str(order), "LOAD_REPORT": str(report)},
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if not report.exists():
        raise RequestFailed(f"The load generator failed: {said.decode(errors='replace')[-800:]}")
    facts = orjson.loads(report.read_bytes())
    return Outcome(
        rate=rate,
        sent=facts["sent"],
        accepted=facts["accepted"],
        refused=facts["refused"],
        ms=spread(facts["ms"]),
        late_p95_ms=percentile(sorted(facts["late_ms"]), 0.95),
        generator_cpu_s=facts["cpu_s"],
    )
