"""Extraction: rows a second and peak memory at two sizes, by one task and by four."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import orjson

from shared.runtime.sql import read_queries
from workflows.bench import machine
from workflows.bench.extraction_rows import fill
from workflows.bench.extraction_tasks import TaskFacts, run_tasks
from workflows.bench.meter import Meter
from workflows.manifest import ROOT
from workflows.runner.addresses import TRAINING_BUCKET, job_environment
from workflows.runner.data_folder import DataFolder
from workflows.stack import Stack

TASKS = (1, 4)
_SMALLER = 10
_MODULE = "functions.extract_training_set.main"
_SQL = read_queries(__file__)


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution over one day; CPU seconds by part of the stack beside those of its tasks."""

    signals: int
    seconds: float
    tasks: list[TaskFacts]
    stack_cpu_s: dict[str, float]
    bytes: int
    sha256: dict[str, str]

    @property
    def per_second(self) -> float:
        """Rows of behavioral_signals written a second of wall time, process starts included."""
        return self.signals / self.seconds

    @property
    def peak_rss_mib(self) -> float:
        """Of its largest task."""
        return max(task.peak_rss_mib for task in self.tasks)


@dataclass(frozen=True, slots=True)
class ExtractionReport:
    """All executions, the smaller day first; the rows are generated and called simulated."""

    began_at: str
    machine: machine.Machine
    load_before: tuple[float, float, float]
    load_after: tuple[float, float, float]
    seconds: float
    executions: list[Execution]

    @property
    def same_bytes(self) -> bool:
        """Whether every number of tasks wrote the same files of a day, by SHA-256."""
        by_day: dict[int, list[dict[str, str]]] = {}
        for execution in self.executions:
            by_day.setdefault(execution.signals, []).append(execution.sha256)
        return all(files == found[0] for found in by_day.values() for files in found)

    @property
    def memory_growth(self) -> float:
        """The largest task's peak on the larger day over that on the smaller, by one task."""
        alone = [execution for execution in self.executions if len(execution.tasks) == 1]
        return alone[-1].peak_rss_mib / alone[0].peak_rss_mib

    def write(self, path: Path) -> None:
        """Keep the figures as JSON."""
        derived = {"same_bytes": self.same_bytes, "memory_growth": self.memory_growth}
        facts = {**asdict(self), **derived}
        for execution, told in zip(self.executions, facts["executions"], strict=True):
            told["per_second"] = execution.per_second
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(orjson.dumps(facts, option=orjson.OPT_INDENT_2))


async def measure(folder: Path, signals: int, say: Callable[[str], None]) -> ExtractionReport:
    """Fill a day with a tenth of `signals` and one with all, and extract each by 1 and 4 tasks."""
    began, began_at, load_before = perf_counter(), datetime.now(UTC), machine.load_average()
    executions = []
    async with Stack(folder / "data") as stack:
        await _make_bucket(stack)
        today = datetime.fromtimestamp(stack.now(), UTC).date()
        for days_ago, wanted in ((2, signals // _SMALLER), (1, signals)):
            day = today - timedelta(days=days_ago)
            say(f"generating {wanted:,} simulated signals")
            stored = await fill(stack.database_url, day, wanted)
            for tasks in TASKS:
                say(f"extracting {stored:,} signals by {tasks} task{'s' * (tasks > 1)}")
                executions.append(await _extract(stack, day, stored, tasks))
    return ExtractionReport(
        began_at=began_at.isoformat(timespec="seconds"),
        machine=machine.describe(),
        load_before=load_before,
        load_after=machine.load_average(),
        seconds=perf_counter() - began,
        executions=executions,
    )


async def _extract(stack: Stack, day: date, signals: int, tasks: int) -> Execution:
    """Write a new version of the day; the manifest, read back, says what was written."""
    secrets = DataFolder(stack.data_dir).secrets()
    environment = job_environment(stack.addresses, secrets, ROOT) | {"TRAINING_DATE": str(day)}
    await _ask(stack, "mark_day", day)
    meter = Meter(stack)
    async with meter.running():
        began = perf_counter()
        log = stack.data_dir / "logs" / "extraction-bench.log"
        done = await run_tasks(_MODULE, environment, f"bench-{uuid4().hex[:8]}", tasks, log)
        seconds = perf_counter() - began
    version = await _ask(stack, "newest_version", day)
    written = await _manifest(stack, f"training/dt={day}/v={version}/manifest.json")
    return Execution(
        signals=signals,
        seconds=seconds,
        tasks=done,
        stack_cpu_s=dict(meter.stack_s.most_common(3)),
        bytes=sum(file["bytes"] for file in written["files"]),
        sha256={file["name"]: file["sha256"] for file in written["files"]},
    )


async def _ask(stack: Stack, query: str, day: date) -> Any:
    connection = await asyncpg.connect(stack.database_url)
    try:
        return await connection.fetchval(_SQL[query], day)
    finally:
        await connection.close()


async def _make_bucket(stack: Stack) -> None:
    async with stack.client() as client:
        # 409 where provisioning has made it.
        await client.post(
            f"{stack.addresses.http('storage')}/storage/v1/b", json={"name": TRAINING_BUCKET}
        )


async def _manifest(stack: Stack, name: str) -> dict[str, Any]:
    objects = f"{stack.addresses.http('storage')}/storage/v1/b/{TRAINING_BUCKET}/o"
    async with stack.client() as client:
        answer = await client.get(f"{objects}/{quote(name, safe='')}?alt=media")
    told: dict[str, Any] = answer.raise_for_status().json()
    return told
