"""The facts of the machine that a figure was taken on."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workflows.manifest import ROOT

_PACKAGES = (
    "functions-framework", "gunicorn", "uvicorn", "starlette", "asyncpg", "redis",
    "qdrant-client", "google-cloud-pubsub", "google-cloud-tasks", "grpcio", "anthropic",
    "onnxruntime", "pydantic", "aiohttp",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and on what a benchmark ran; memory in MiB."""

    cpu: str
    cores: int
    memory_mib: int
    kernel: str
    python: str
    packages: dict[str, str]
    commit: str


def describe() -> Machine:
    """Return the facts of this machine and checkout; cores are those this process may use."""
    return Machine(
        cpu=_field("/proc/cpuinfo", "model name") or platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        memory_mib=int(_field("/proc/meminfo", "MemTotal").split()[0]) // 1024,
        kernel=platform.release(),
        python=platform.python_version(),
        packages={name: found for name in _PACKAGES if (found := _version(name))},
        commit=_commit(),
    )


def load_average() -> tuple[float, float, float]:
    """Return the machine's load over 1, 5 and 15 minutes."""
    return os.getloadavg()


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    """The commit, `+` where files differ from it; empty outside a git checkout."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    return f"{commit}+" if commit and _git("status", "--porcelain") else commit


def _git(*words: str) -> str:
    command: Sequence[str] = ("git", "-C", str(ROOT), *words)
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""
