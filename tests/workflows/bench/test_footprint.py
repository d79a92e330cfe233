"""Memory and CPU are read of whole process trees, and ended processes take nothing."""

import asyncio
import os
import subprocess
import sys

from tests.workflows.waiting import ended, until
from workflows.bench.footprint import busy_seconds, cpu_seconds, parts, pss_mib, tree

SPIN = "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass\n"
GROW = """
import os
from workflows.bench.footprint import pss_mib
before = pss_mib([os.getpid()])
kept = b"x" * (64 << 20)
print(pss_mib([os.getpid()]) - before)
"""
NEST = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"


async def test_a_tree_reaches_children_of_children() -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", NEST, stdin=subprocess.PIPE)
    await until(lambda: len(tree(child.pid)) == 2)
    assert tree(child.pid)[0] == child.pid
    assert set(tree(child.pid)) < set(tree(os.getpid()))
    await child.communicate(b"\n")


def test_cpu_of_a_reaped_child_counts_as_its_parents() -> None:
    before = cpu_seconds([os.getpid()])
    subprocess.run([sys.executable, "-c", SPIN], check=True)
    assert cpu_seconds([os.getpid()]) - before >= 0.19


def test_an_ended_process_takes_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert ended(child.pid)
    assert (tree(child.pid), cpu_seconds([child.pid]), pss_mib([child.pid])) == ([], 0.0, 0.0)


def test_memory_is_in_mebibytes() -> None:
    # A process of its own: in ours, 64 MiB may come from what an earlier test gave back.
    said = subprocess.run([sys.executable, "-c", GROW], check=True, capture_output=True, text=True)
    assert 60 < float(said.stdout) < 70


def test_the_machine_is_busy_at_least_as_long_as_we_are() -> None:
    before = busy_seconds()
    subprocess.run([sys.executable, "-c", SPIN], check=True)
    assert busy_seconds() - before >= 0.19


def test_what_is_neither_engine_nor_function_is_the_gateway() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        status = {
            "pid": os.getpid(),
            "engines": {"redis": {"pid": child.pid}},
            "functions": {"read_trip": {"pid": None}},
        }
        found = parts(status)
        child.communicate(b"\n")
    assert found.keys() == {"gateway", "redis"}
    assert found["redis"] == [child.pid]
    assert os.getpid() in found["gateway"]
    assert child.pid not in found["gateway"]
