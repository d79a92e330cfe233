"""Runs the tasks of an execution side by side and takes what each needs of the machine."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workflows.bench.footprint import pss_mib
from workflows.errors import StackError

_SAMPLE_S = 0.2


class TaskFailed(StackError):
    """A task of the measured execution did not end well."""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One process: CPU seconds, and the most memory it held in MiB.

    RSS is the kernel's own high-water mark, read as long as the process runs: what wait() tells
    would be ours where we are the larger. PSS, which counts shared pages in part, is sampled.
    """

    cpu_s: float
    peak_rss_mib: float
    peak_pss_mib: float


async def run_tasks(
    module: str, environment: Mapping[str, str], execution: str, tasks: int, log: Path
) -> list[TaskFacts]:
    """Run `python -m module` once for each task, as Cloud Run would; raises TaskFailed."""
    command = [sys.executable, "-m", module]
    with log.open("ab") as out:
        processes = [
            subprocess.Popen(  # noqa: ASYNC220 - waited for with its resource usage, in a thread
                command,
                env={**environment, **_task(execution, index, tasks)},
                stdout=out,
                stderr=out,
            )
            for index in range(tasks)
        ]
    return await asyncio.gather(*(_measure(process, log) for process in processes))


def _task(execution: str, index: int, tasks: int) -> dict[str, str]:
    return {
        "CLOUD_RUN_JOB": "extract-training-set",
        "CLOUD_RUN_EXECUTION": execution,
        "CLOUD_RUN_TASK_INDEX": str(index),
        "CLOUD_RUN_TASK_COUNT": str(tasks),
        "CLOUD_RUN_TASK_ATTEMPT": "0",
    }


async def _measure(process: "subprocess.Popen[bytes]", log: Path) -> TaskFacts:
    ended = asyncio.create_task(asyncio.to_thread(os.wait4, process.pid, 0))
    rss, pss = [0.0], [0.0]
    while not ended.done():
        rss.append(_high_water_mib(process.pid))
        pss.append(pss_mib([process.pid]))
        await asyncio.wait([ended], timeout=_SAMPLE_S)
    _, status, usage = await ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise TaskFailed(f"A task ended with {process.returncode}; its log ends: {_tail(log)}")
    return TaskFacts(usage.ru_utime + usage.ru_stime, max(rss), max(pss))


def _high_water_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    kib = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(next(kib, 0)) / 1024


def _tail(log: Path) -> str:
    lines: Sequence[str] = log.read_text(errors="replace").splitlines()
    return " | ".join(lines[-3:])
