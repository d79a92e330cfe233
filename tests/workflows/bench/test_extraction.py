"""The extraction's benchmark says what it measured: bytes, growth, and a task that failed."""

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from workflows.bench import extraction_table
from workflows.bench.extraction import Execution, ExtractionReport
from workflows.bench.extraction_tasks import TaskFacts, TaskFailed, run_tasks
from workflows.bench.machine import Machine

MIB = 1024 * 1024
MACHINE = Machine("a CPU", 2, 8000, "6.1", "3.11.7", {}, "abc")


def an_execution(signals: int, tasks: int, rss: float = 200.0, sha256: str = "same") -> Execution:
    facts = [TaskFacts(1.0, rss, 150.0)] * tasks
    return Execution(signals, 10.0, facts, {"postgres": 2.0}, MIB, {"sessions-00": sha256})


def a_report(*executions: Execution) -> ExtractionReport:
    load = (1.0, 1.0, 1.0)
    return ExtractionReport("2026-11-23T03:00:00", MACHINE, load, load, 60.0, list(executions))


SOUND = a_report(
    an_execution(100, 1), an_execution(100, 4), an_execution(1000, 1, 210.0, "other"),
    an_execution(1000, 4, 999.0, "other"),
)  # fmt: skip


def test_one_file_that_differs_between_numbers_of_tasks_is_told() -> None:
    assert SOUND.same_bytes
    assert not a_report(an_execution(100, 1), an_execution(100, 4, sha256="else")).same_bytes


def test_growth_compares_the_two_sizes_by_one_task() -> None:
    assert SOUND.memory_growth == pytest.approx(1.05)


def test_rows_a_second_are_of_wall_time() -> None:
    assert an_execution(1000, 4).per_second == pytest.approx(100)


def test_a_person_reads_each_execution_and_both_verdicts() -> None:
    out = io.StringIO()
    extraction_table.show(SOUND, Console(file=out, width=120))
    said = out.getvalue()
    assert "wrote the same bytes in every file" in said
    assert "1.05 times the peak memory" in said
    assert "simulated" in said


def test_the_file_holds_every_execution_with_its_checksums(tmp_path: Path) -> None:
    SOUND.write(tmp_path / "reports" / "extraction.json")
    told = json.loads((tmp_path / "reports" / "extraction.json").read_text())
    assert [one["per_second"] for one in told["executions"]] == [10.0, 10.0, 100.0, 100.0]
    assert told["executions"][0]["sha256"] == {"sessions-00": "same"}
    assert (told["same_bytes"], told["machine"]["cores"]) == (True, 2)


TASK = """
import os, sys, time
held = bytearray(64 * 1024 * 1024 * (1 + int(os.environ["CLOUD_RUN_TASK_INDEX"])))
time.sleep(1)  # the sampler looks five times a second
sys.exit(int(os.environ.get("STATUS", "0")))
"""


async def test_each_task_is_told_which_it_is_and_its_memory_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "measured_task.py").write_text(TASK)
    environment = {"PYTHONPATH": str(tmp_path), "PATH": sys.prefix}
    found = await run_tasks("measured_task", environment, "run", 2, tmp_path / "log")
    first, second = (facts.peak_rss_mib for facts in found)
    assert 64 < first < second
    assert second - first == pytest.approx(64, abs=8)


async def test_a_task_that_fails_ends_the_measurement(tmp_path: Path) -> None:
    (tmp_path / "measured_task.py").write_text(TASK)
    environment = {"PYTHONPATH": str(tmp_path), "PATH": sys.prefix, "STATUS": "3"}
    with pytest.raises(TaskFailed, match="ended with 3"):
        await run_tasks("measured_task", environment, "run", 1, tmp_path / "log")
