"""Takes all measurements one after another, each on the stack that the one before left."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from workflows.bench import cached, cold_start, imports, machine, stack_up, tree, uncached
from workflows.bench.caller import Caller
from workflows.bench.launcher import Launcher, gather_facts
from workflows.bench.report import Report
from workflows.bench.scene import prepare
from workflows.bench.sizes import FULL, QUICK
from workflows.manifest import ROOT
from workflows.stack import Stack

TOGETHER = 10


async def measure(folder: Path, say: Callable[[str], None], *, quick: bool) -> Report:
    """Run everything in an empty folder and stop what was started; raises RequestFailed."""
    sizes = QUICK if quick else FULL
    began, began_at, load_before = perf_counter(), datetime.now(UTC), machine.load_average()
    root = tree.plant(folder / "tree")
    _compile()
    say("stack up, cold and warm")
    started = await stack_up.measure(folder, root, sizes.stack_starts)
    async with Stack(folder / "data", root=root) as stack, Caller() as caller:
        say("seeding Seattle, onboarding, warming all cells")
        scene = await prepare(stack, caller)
        say("trips from the cache")
        alone = await cached.measure(scene, sizes.alone, 1)
        together = await cached.measure(scene, sizes.together, TOGETHER)
        say("uncached trips")
        overhead = await uncached.measure(scene, sizes.uncached, TOGETHER)
        launcher = Launcher(scene, root, await gather_facts(scene))
        say("imports")
        imported = await imports.measure(launcher)
        say("cold starts")
        cold = await cold_start.measure(launcher, sizes.cold_starts)
    return Report(
        began_at=began_at.isoformat(timespec="seconds"),
        quick=quick,
        machine=machine.describe(),
        load_before=load_before,
        load_after=machine.load_average(),
        seconds=perf_counter() - began,
        stack_up=started,
        cached=(alone, together),
        uncached=overhead,
        cold_starts=cold,
        imports=imported,
    )


def _compile() -> None:
    """Make the .pyc files that an installed tree has: missing ones triple a cold start."""
    ours = [str(ROOT / part) for part in ("functions", "shared", "workflows", "emulators")]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *ours], check=True)
