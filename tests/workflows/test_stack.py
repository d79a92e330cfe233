"""The whole stack: health, revival, two side by side, and nothing left behind however it ends."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.workflows.builders import FIXTURES
from tests.workflows.waiting import ended, until
from workflows.local.launch import NotStarted
from workflows.manifest import ROOT
from workflows.runner.data_folder import DataFolder
from workflows.stack import Stack


async def pids(stack: Stack) -> list[int]:
    """Every process of the stack that its status names, the runner among them."""
    status = await stack.status()
    named = [*status["engines"].values(), *status["functions"].values()]
    return [status["pid"], *(facts["pid"] for facts in named if facts["pid"])]


async def health(stack: Stack, query: str = "") -> httpx.Response:
    async with stack.client() as client:
        return await client.get(f"/health{query}")


async def environment(stack: Stack) -> dict[str, str]:
    """What a function of the stack was started with."""
    async with stack.client() as client:
        told: dict[str, str] = (await client.post("/echo/bob")).json()["environment"]
    return told


async def pace(stack: Stack) -> float:
    """The emulated model's time to first token, in seconds."""
    seconds: float = (await stack.emulator("anthropic").state())["options"]["ttft_s"]
    return seconds


async def test_health_names_every_part_and_starts_no_function(fixture_stack: Stack) -> None:
    starts = {name: f["starts"] for name, f in (await fixture_stack.status())["functions"].items()}
    await fixture_stack.functions.stop("never_start")
    answer = await health(fixture_stack)
    body = answer.json()
    assert (answer.status_code, body["status"], body["unhealthy"]) == (200, "ok", [])
    assert body["engines"].keys() >= {"postgres", "redis", "qdrant", "pubsub", "anthropic"}
    assert body["functions"].keys() == starts.keys()
    after = {name: f["starts"] for name, f in (await fixture_stack.status())["functions"].items()}
    assert after == starts


async def test_health_names_an_engine_that_does_not_answer(fixture_stack: Stack) -> None:
    pid = (await fixture_stack.status())["engines"]["redis"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        answer = await health(fixture_stack)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert (answer.status_code, answer.json()["unhealthy"]) == (503, ["redis"])
    assert answer.json()["engines"]["redis"] == "no answer within 2 s"


async def test_deep_health_starts_each_function_and_names_those_that_fail(
    fixture_stack: Stack,
) -> None:
    answer = await health(fixture_stack, "?deep=1")
    assert answer.status_code == 503
    assert "never_start" in answer.json()["unhealthy"]
    assert "settings file is missing" in answer.json()["functions"]["never_start"]
    assert answer.json()["functions"]["echo_call"] == "ok"
    await fixture_stack.functions.stop("never_start")


@pytest.mark.parametrize("engine", ["postgres", "redis", "qdrant", "emulators"])
async def test_an_engine_that_dies_comes_back_where_it_was(
    fixture_stack: Stack, engine: str
) -> None:
    before = await fixture_stack.status()
    pid = before["engines"][engine]["pid"]
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(20):
        while (await health(fixture_stack)).status_code != 200 or not ended(pid):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    after = await fixture_stack.status()
    assert after["engines"][engine]["pid"] != pid
    assert after["emulators"] == before["emulators"]
    assert after["database_url"] == before["database_url"]


async def test_two_stacks_run_side_by_side(fixture_stack: Stack, tmp_path: Path) -> None:
    async with Stack(tmp_path, options=["anthropic.ttft_s=0.2"], root=FIXTURES) as other:
        assert (await health(other)).status_code == 200
        assert (await health(fixture_stack)).status_code == 200
        theirs, ours = await environment(other), await environment(fixture_stack)
        paces = [await pace(stack) for stack in (other, fixture_stack)]
    for name in ("DATABASE_URL", "REDIS_URL", "QDRANT_URL", "PUBSUB_EMULATOR_HOST", "PORT"):
        assert theirs[name] != ours[name]
    assert theirs["NEXTAUTH_SECRET"] != ours["NEXTAUTH_SECRET"]
    assert paces == [0.2, 0.0]


async def test_a_runner_killed_outright_leaves_no_process_and_loses_no_data(
    tmp_path: Path,
) -> None:
    """The next stack on the folder waits for what is still ending, and is the same one again."""
    async with Stack(tmp_path, root=FIXTURES) as stack:
        await stack.functions.start("echo_call")
        await stack.token("ada", admin=True)
        running = await pids(stack)
        assert len(running) == 6
        os.kill(running[0], signal.SIGKILL)
        async with Stack(tmp_path, root=FIXTURES) as heir:
            assert all(ended(pid) for pid in running)
            assert heir.addresses.ingress == stack.addresses.ingress
            database = await asyncpg.connect(heir.database_url)
            role = await database.fetchval("SELECT role FROM users WHERE id = 'ada'")
            await database.close()
    assert role == "admin"


async def test_ctrl_c_stops_all_that_up_started(tmp_path: Path) -> None:
    arguments = ["up", "--port", "0", "--data", str(tmp_path), "--root", str(FIXTURES)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workflows", *arguments), cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout
    said = b""
    while b"curl http://127.0.0.1:" not in said or b'"days": 3' not in said:
        line = await process.stdout.readline()
        assert line, said
        said += line
    stack = Stack.attach(tmp_path)
    await stack.functions.start("echo_call")
    running = await pids(stack)
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0
    assert all(ended(pid) for pid in running)
    assert DataFolder(tmp_path).released()
    assert not (tmp_path / "state.json").exists()


async def test_an_option_that_no_emulator_has_is_told_as_the_emulator_says_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(NotStarted, match=r"Unknown option 'haste': use one of ttft_s"):
        await Stack(tmp_path, options=["anthropic.haste=1"], root=FIXTURES).__aenter__()
    await until(DataFolder(tmp_path).released)
