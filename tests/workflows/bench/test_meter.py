"""CPU is told apart: the stack's by part, the client's own, and what others took meanwhile."""

import asyncio
import sys

import pytest

from workflows.bench.meter import Meter

SPIN = "import time\ninput()\nend = time.process_time() + 0.3\n"
SPIN += "while time.process_time() < end: pass\nprint(flush=True)\ninput()"


class Engine:
    """A process that spins for 0.3 s of CPU when told to, and then waits."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def spin(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(b"\n")
        await self.process.stdout.readline()


class OneEngine:
    """A stack whose only part is one process."""

    def __init__(self, engine: Engine) -> None:
        self._pid = engine.process.pid

    async def status(self) -> dict[str, object]:
        return {"pid": self._pid, "engines": {"spinner": {"pid": self._pid}}, "functions": {}}


async def an_engine() -> Engine:
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-c", SPIN)
    return Engine(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe))


async def test_what_the_stack_takes_is_told_by_part_and_request() -> None:
    engine, stranger = await an_engine(), await an_engine()
    meter = Meter(OneEngine(engine))  # type: ignore[arg-type]
    async with meter.running():
        await engine.spin()
    assert meter.stack_s["spinner"] == pytest.approx(0.3, abs=0.05)
    assert meter.cpu_ms(10) == {"spinner": pytest.approx(30, abs=5)}
    assert meter.client_share < 0.5
    ours = meter.elsewhere_cores * meter.wall_s
    async with meter.running():
        await stranger.spin()
    assert meter.stack_s["spinner"] == pytest.approx(0.3, abs=0.05)
    assert meter.elsewhere_cores * meter.wall_s - ours >= 0.25
    for one in (engine, stranger):
        await one.process.communicate(b"\n")
