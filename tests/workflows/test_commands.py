"""The command line: what it prints, and the sentence it says where it cannot do its work."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import httpx
import pytest

from shared.runtime.session_tokens import decode
from workflows.__main__ import main
from workflows.stack import Stack


class Said(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


Workflows = Callable[..., Said]


@pytest.fixture
def workflows(capsys: pytest.CaptureFixture[str]) -> Workflows:
    def run(*arguments: str) -> Said:
        status = main(arguments)
        return Said(status, *capsys.readouterr())

    return run


def data(stack: Stack) -> tuple[str, str]:
    return "--data", str(stack.data_dir)


def secret(stack: Stack) -> str:
    words: dict[str, str] = json.loads((stack.data_dir / "secrets.json").read_text())
    return words["nextauth"]


async def fetched(stack: Stack, query: str) -> list[tuple[Any, ...]]:
    database = await asyncpg.connect(stack.database_url)
    try:
        return [tuple(row) for row in await database.fetch(query)]
    finally:
        await database.close()


def test_status_tells_where_everything_listens(workflows: Workflows, fixture_stack: Stack) -> None:
    said = workflows("status", "--json", *data(fixture_stack))
    status = json.loads(said.out)
    assert status["gateway"] == fixture_stack.gateway_url
    assert status["database_url"].startswith("postgresql://overplanned:")
    assert status["redis_url"].startswith("redis://")
    assert status["qdrant_url"].startswith("http://127.0.0.1:")
    assert status["emulators"].keys() > {
        "pubsub",
        "tasks",
        "scheduler",
        "storage",
        "anthropic",
        "identity",
        "sources",
        "jobs",
    }
    assert status["jobs"].keys() == {"tell_task", "end_badly"}
    assert status["functions"].keys() >= {"echo_call", "never_start"}
    assert {facts["state"] for facts in status["engines"].values()} == {"running"}


def test_status_can_be_read_by_a_person_too(workflows: Workflows, fixture_stack: Stack) -> None:
    said = workflows("status", *data(fixture_stack))
    assert fixture_stack.gateway_url in said.out
    assert "echo_call" in said.out


def test_a_token_is_one_of_nextauth_for_thirty_days(
    workflows: Workflows, fixture_stack: Stack
) -> None:
    said = workflows("token", "--user", "ada", *data(fixture_stack))
    claims = decode(said.out.strip(), secret(fixture_stack), time.time())
    assert claims.sub == "ada"
    assert 29 * 86400 < claims.exp - time.time() < 31 * 86400


def test_an_admins_token_goes_with_the_role_in_the_database(
    workflows: Workflows, fixture_stack: Stack
) -> None:
    workflows("token", "--user", "eve", *data(fixture_stack))
    workflows("token", "--user", "grace", "--admin", *data(fixture_stack))
    workflows("token", "--user", "grace", "--admin", *data(fixture_stack))
    rows = asyncio.run(fetched(fixture_stack, "SELECT id, role FROM users WHERE id <> 'ada'"))
    assert ("grace", "admin") in rows
    assert "eve" not in dict(rows)


def test_call_sends_an_example_through_the_gateway(
    workflows: Workflows, fixture_stack: Stack
) -> None:
    said = workflows("call", "echo_call", *data(fixture_stack))
    assert said.out.startswith("200 OK")
    assert '"path": "/echo/bob"' in said.out


def test_call_signs_a_background_functions_example_as_its_trigger(
    workflows: Workflows, fixture_stack: Stack
) -> None:
    said = workflows("call", "take_task", *data(fixture_stack))
    assert said.out.startswith("204 No Content")
    asyncio.run(fixture_stack.functions.stop("take_task"))
    log = (workflows("logs", "take_task", *data(fixture_stack))).out.splitlines()
    headers = json.loads(log[-1])["headers"]
    assert headers["x-cloudtasks-queuename"] == "work"
    assert headers["authorization"].startswith("Bearer ey")


def test_call_names_the_functions_there_are(workflows: Workflows, fixture_stack: Stack) -> None:
    said = workflows("call", "fly_plane", *data(fixture_stack))
    assert said.status == 1
    assert said.err.startswith(
        "fly_plane is no function or job with an example; known are echo_call, "
    )


def test_call_runs_a_job_to_its_end(workflows: Workflows, fixture_stack: Stack) -> None:
    said = workflows("call", "tell_task", *data(fixture_stack))
    assert said.status == 0
    assert re.fullmatch(r"tell-task-\w{5} succeeded: 1 task in \d+\.\d s\.\n", said.out)
    log = workflows("logs", "tell_task", *data(fixture_stack)).out.splitlines()
    assert '"DAY": "2026-11-22"' in log[-1]


def test_call_fails_where_the_job_fails(workflows: Workflows, fixture_stack: Stack) -> None:
    said = workflows("call", "end_badly", *data(fixture_stack))
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("The job end_badly failed: ")
    log = workflows("logs", "end_badly", *data(fixture_stack)).out
    assert "the database is gone" in log
    status = workflows("status", *data(fixture_stack)).out
    assert re.search(r"^end_badly +failed +2026-\S+ end-badly-\w{5}$", status, re.MULTILINE)


def test_stop_makes_the_next_call_a_cold_start(workflows: Workflows, fixture_stack: Stack) -> None:
    first = asyncio.run(fixture_stack.functions.start("echo_call"))
    assert (workflows("stop", "echo_call", *data(fixture_stack))).status == 0
    assert asyncio.run(fixture_stack.functions.state("echo_call"))["state"] == "stopped"
    httpx.post(f"{fixture_stack.gateway_url}/echo/bob", trust_env=False)
    second = asyncio.run(fixture_stack.functions.state("echo_call"))
    assert second["starts"] == first["starts"] + 1


def test_stop_says_which_name_it_does_not_know(workflows: Workflows, fixture_stack: Stack) -> None:
    said = workflows("stop", "fly_plane", *data(fixture_stack))
    assert (said.status, said.err) == (1, "No function is named 'fly_plane'.\n")


def test_logs_names_the_logs_there_are(workflows: Workflows, fixture_stack: Stack) -> None:
    said = workflows("logs", "fly_plane", *data(fixture_stack))
    assert said.status == 1
    assert "postgres" in said.err


def test_a_command_without_a_stack_says_how_to_start_one(
    workflows: Workflows, tmp_path: Path
) -> None:
    for command in (("status",), ("token", "--user", "ada"), ("stop", "echo_call")):
        said = workflows(*command, "--data", str(tmp_path))
        assert said.status == 1
        assert said.err.startswith(f"No stack runs on {tmp_path}; start one with `python -m")
        assert said.err.count("\n") == 1


def test_down_without_a_stack_is_no_error(workflows: Workflows, tmp_path: Path) -> None:
    said = workflows("down", "--data", str(tmp_path / "none"))
    assert (said.status, said.out) == (0, f"No stack runs on {tmp_path / 'none'}.\n")


def test_a_taken_port_is_said_with_the_option_that_changes_it(
    workflows: Workflows, fixture_stack: Stack, tmp_path: Path
) -> None:
    port = str(httpx.URL(fixture_stack.gateway_url).port)
    for detach in ((), ("--detach",)):
        said = workflows("up", "--port", port, "--data", str(tmp_path), *detach)
        assert (said.status, said.err) == (
            1,
            f"Port {port} is taken by another program; choose another with --port N.\n",
        )


def test_a_second_stack_on_a_folder_is_refused(workflows: Workflows, fixture_stack: Stack) -> None:
    said = workflows("up", "--port", "0", *data(fixture_stack))
    assert said.status == 1
    assert said.err.startswith(f"A stack already runs on {fixture_stack.data_dir}; stop it with ")


def test_a_manifest_that_cannot_be_wired_starts_nothing(
    workflows: Workflows, tmp_path: Path
) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "a.toml").write_text("[function.x]\n")
    said = workflows("up", "--root", str(tmp_path), "--data", str(tmp_path / "data"))
    assert (said.status, said.err) == (
        1,
        (
            "workflows/a.toml: has an unknown key 'function'; "
            "allowed are functions, jobs, queues, topics.\n"
        ),
    )
