"""A cold start is a real process of a function that answers its example and leaves nothing."""

from collections.abc import AsyncIterator

import pytest

from tests.workflows.builders import FIXTURES
from tests.workflows.waiting import ended, until
from workflows.bench import cold_start, imports
from workflows.bench.caller import Caller, RequestFailed
from workflows.bench.cold_start import ColdStart, typical
from workflows.bench.examples import Facts
from workflows.bench.footprint import tree
from workflows.bench.launcher import Launcher
from workflows.bench.scene import Scene
from workflows.stack import Stack


@pytest.fixture
async def launcher(fixture_stack: Stack) -> AsyncIterator[Launcher]:
    async with Caller() as caller:
        scene = Scene(fixture_stack, caller, ({},), {}, "2027-01-01")
        yield Launcher(scene, FIXTURES, Facts("trip", "node", "2027-01-01", "user"))


async def test_a_started_function_has_answered_and_is_gone_afterwards(launcher: Launcher) -> None:
    async with launcher.started("echo_call") as started:
        pids = tree(started.pid)
        assert len(pids) == 2, "the server and its worker"
        assert started.wall_s > 0
    await until(lambda: all(ended(pid) for pid in pids))


async def test_a_background_function_gets_an_identity_token(launcher: Launcher) -> None:
    async with launcher.started("take_task") as started:
        said = started.log.read_text()
    assert "authorization" in said
    assert "x-cloudtasks-taskname" in said


async def test_a_function_that_cannot_start_says_why(launcher: Launcher) -> None:
    with pytest.raises(RequestFailed, match=r"never_start ended .* the settings file is missing"):
        async with launcher.started("never_start"):
            pass


async def test_what_it_imports_is_told(launcher: Launcher) -> None:
    async with launcher.started("echo_call", ["-X", "importtime"]) as started:
        found = imports.read_import_times(started.log.read_text().splitlines())
    assert {"flask", "starlette.applications", "gunicorn.app.base"} <= {one.module for one in found}


async def test_every_function_is_measured_in_every_round(launcher: Launcher) -> None:
    for name in launcher.functions.keys() - {"echo_call", "take_task"}:
        del launcher.functions[name]
    found = await cold_start.measure(launcher, 2)
    assert {name: len(runs) for name, runs in found.items()} == {"echo_call": 2, "take_task": 2}
    for run in (run for runs in found.values() for run in runs):
        assert run.wall_s > 0
        assert run.cpu_s > 0.05
        assert run.pss_mib > 10


def test_the_typical_start_is_the_median_of_each_figure() -> None:
    runs = [ColdStart(3.0, 1.0, 20.0), ColdStart(1.0, 2.0, 30.0), ColdStart(2.0, 9.0, 10.0)]
    assert typical(runs) == ColdStart(2.0, 2.0, 20.0)
