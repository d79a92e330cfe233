"""A function is a process of its own: started when called, once, again when it dies; drained."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from tests.workflows.conftest import House
from tests.workflows.waiting import appears, ends


async def echo(house: House) -> dict[str, object]:
    answer = await house.client.post("/echo/bob")
    assert answer.status_code == 200, answer.text
    facts: dict[str, object] = answer.json()
    return facts


async def test_no_function_runs_before_its_first_call(house: House) -> None:
    assert {facts["state"] for facts in house.functions.states().values()} == {"stopped"}
    await echo(house)
    running = [name for name, facts in house.functions.states().items() if facts["pid"]]
    assert running == ["echo_call"]


async def test_fifty_first_calls_at_once_are_answered_by_one_process(house: House) -> None:
    answers = await asyncio.gather(*(echo(house) for _ in range(50)))
    assert len({facts["pid"] for facts in answers}) == 1
    assert house.functions["echo_call"].starts == 1


async def test_the_process_has_the_environment_of_production_and_nothing_of_ours(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "1")
    facts = await echo(house)
    environment = facts["environment"]
    assert isinstance(environment, dict)
    assert environment["K_SERVICE"] == "echo-call"
    assert environment["FUNCTION_TARGET"] == "echo_call"
    assert environment["FUNCTION_URL_TEMPLATE"] == house.ingress + "/{service}"
    assert environment["DATABASE_URL"].endswith("@127.0.0.1:6/overplanned")
    assert not {"PYTHONDONTWRITEBYTECODE", "SECRET_OF_THE_SHELL"} & environment.keys()


async def test_the_real_model_is_asked_only_where_a_key_is_given(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    emulated = (await echo(house))["environment"]
    await house.functions["echo_call"].stop()
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-real")
    real = (await echo(house))["environment"]
    assert isinstance(emulated, dict)
    assert isinstance(real, dict)
    assert emulated["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:5"
    assert "ANTHROPIC_BASE_URL" not in real
    assert real["ANTHROPIC_API_KEY"] == "sk-real"


async def test_a_killed_process_is_replaced_at_the_next_call(house: House) -> None:
    first = await echo(house)
    await house.functions["echo_call"].kill()
    second = await echo(house)
    assert first["pid"] != second["pid"]
    assert any("echo_call ended with status -9" in line for line in house.said)


async def test_a_master_killed_outright_takes_its_worker_along(house: House) -> None:
    worker = (await echo(house))["pid"]
    assert isinstance(worker, int)
    instance = house.functions["echo_call"].instance
    assert instance
    assert instance.child.pid != worker
    os.kill(instance.child.pid, signal.SIGKILL)
    await instance.child.exited()
    await ends(worker)


async def test_a_process_that_dies_while_it_answers_is_a_502(house: House) -> None:
    answer = await house.client.post("/crash")
    assert answer.status_code == 502
    assert answer.json()["function"] == "crash_call"


async def test_a_crash_loop_is_a_503_with_the_last_line_and_is_not_tried_at_once_again(
    house: House,
) -> None:
    answers = [await house.client.get("/never") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [503] * 5
    body = answers[-1].json()
    assert body["function"] == "never_start"
    assert body["log_line"] == "RuntimeError: the settings file is missing"
    assert body["log_line"] in body["detail"]
    assert answers[-1].headers["X-Model-Version"] == "none"
    assert house.functions["never_start"].starts == 2
    assert house.functions["never_start"].state == "crashed"


async def test_a_call_slower_than_the_manifest_allows_is_a_504(house: House) -> None:
    assert (await house.client.get("/drag")).status_code == 504


async def test_a_stopped_process_finishes_its_call_while_another_takes_the_next(
    house: House, tmp_path: Path
) -> None:
    await house.functions["hold_call"].ready()
    held, free = tmp_path / "held", tmp_path / "free"
    held.touch()
    call = asyncio.create_task(house.client.get("/hold", params={"while": str(held)}))
    await appears(held.with_suffix(".seen"))
    stopping = asyncio.create_task(house.functions["hold_call"].stop())
    await asyncio.sleep(0)
    after = await house.client.get("/hold", params={"while": str(free)})
    assert not call.done()
    held.unlink()
    before = await call
    assert (before.status_code, after.status_code) == (200, 200)
    assert before.json()["pid"] != after.json()["pid"]
    await stopping
    await ends(before.json()["pid"])


async def test_what_a_function_writes_is_kept_and_shown_with_its_name(house: House) -> None:
    answer = await house.client.post(f"{house.ingress}/take-task", json={"day": 1})
    assert answer.status_code == 204
    await house.functions["take_task"].stop()
    line = house.functions["take_task"].log.path.read_text().splitlines()[0]
    assert json.loads(line)["body"] == '{"day":1}'
    assert f"take_task | {line}" in house.said


async def test_the_ingress_takes_the_service_off_the_path(house: House) -> None:
    for path, seen in (("", "/"), ("/", "/"), ("/a/b", "/a/b")):
        answer = await house.client.post(f"{house.ingress}/echo-call{path}?q=1")
        assert (answer.json()["path"], answer.json()["query"]) == (seen, "q=1")


async def test_the_ingress_knows_no_other_service(house: House) -> None:
    answer = await house.client.post(f"{house.ingress}/echo_call/")
    assert (answer.status_code, answer.json()["title"]) == (404, "No such service")


async def test_background_functions_are_not_reachable_from_outside(house: House) -> None:
    for path in ("/take-task", "/take_task", "/_stack/status"):
        assert (await house.client.post(path)).status_code == 404


async def test_commands_need_the_stacks_key(house: House) -> None:
    url = f"{house.ingress}/_stack/functions/echo_call/start"
    assert (await house.client.post(url)).status_code == 403
    assert (await house.client.post(url, headers={"X-Stack-Key": "lock"})).status_code == 403
    answer = await house.client.post(url, headers={"X-Stack-Key": "key"})
    assert answer.json()["state"] == "running"


async def test_a_refusal_before_the_body_was_read_passes_the_real_server_too(
    house: House,
) -> None:
    """Functions refuse a body over 64 KB by its declared length, without reading it."""
    for size in (65 * 1024, 3_000_000):
        answer = await house.client.post("/refuse", content=b"x" * size)
        assert answer.status_code == 413
