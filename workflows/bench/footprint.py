"""What processes take of the machine: memory and CPU, read from /proc."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

GATEWAY = "gateway"
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Fields after the command's name in /proc/PID/stat (man 5 proc): parent, and four CPU times.
_PARENT, _TIMES = 1, slice(11, 15)


def tree(pid: int) -> list[int]:
    """Return the process and all its descendants; none where it has ended."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    running = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    for one in running:
        if fields := _stat(one):
            children[int(fields[_PARENT])].append(one)
    found = [pid] if pid in running else []
    for one in found:
        found.extend(children[one])
    return found


def pss_mib(pids: Iterable[int]) -> float:
    """Return the proportional set size of the processes in MiB.

    A page that n processes share counts as an n-th in each, so that a sum counts nothing twice.
    """
    return sum(_pss_kib(pid) for pid in pids) / 1024


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU seconds, user and system, of the processes and of the children they reaped.

    The kernel counts in ticks, usually of 10 ms.
    """
    return sum(int(ticks) for pid in pids for ticks in _stat(pid)[_TIMES]) / _TICKS_PER_SECOND


def busy_seconds() -> float:
    """Return the CPU seconds that this machine's cores have spent on anything since it started."""
    _, user, nice, system, _idle, _waiting, *others = Path("/proc/stat").read_text().split()[:9]
    return sum(map(int, (user, nice, system, *others))) / _TICKS_PER_SECOND


def parts(status: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return the processes of a stack by name, given what its `status` says.

    The runner's own process is the gateway; engines and functions are the trees under it.
    """
    named = {**status["engines"], **status["functions"]}
    found = {name: tree(facts["pid"]) for name, facts in named.items() if facts["pid"]}
    rest = set(tree(status["pid"])).difference(*found.values())
    return {GATEWAY: sorted(rest), **found}


def _pss_kib(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:"), 0)


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold blanks itself; empty where the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
