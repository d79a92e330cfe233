"""What Cloud Tasks and others send without the client: plain REST with a bearer token."""

from typing import Any

import httpx
import pytest

from tests.emulators.jobs.cloud import LOCATION, NIGHTLY, Cloud
from tests.emulators.jobs.pipe import Pipe


async def test_a_plain_post_with_overrides_runs_the_job(
    cloud: Cloud, http: httpx.AsyncClient, pipe: Pipe
) -> None:
    await cloud.create(f"echo $DAY $CLOUD_RUN_TASK_COUNT > {pipe.path}")
    env = [{"name": "DAY", "value": "2026-11-22"}]
    overrides = {"containerOverrides": [{"env": env}], "taskCount": 2, "timeout": "60s"}
    operation = (await http.post(f"/v2/{NIGHTLY}:run", json={"overrides": overrides})).json()
    kind = "type.googleapis.com/google.cloud.run.v2.Execution"
    assert (operation["done"], operation["metadata"]["@type"]) == (False, kind)
    assert operation["metadata"]["name"].startswith(f"{NIGHTLY}/executions/nightly-")
    ended = (await http.post(f"/v2/{operation['name']}:wait", json={"timeout": "20s"})).json()
    assert (ended["done"], ended["response"]["succeededCount"]) == (True, 2)
    assert await pipe.lines(2) == ["2026-11-22 2", "2026-11-22 2"]


async def test_a_plain_post_without_a_body_runs_the_job(
    cloud: Cloud, http: httpx.AsyncClient
) -> None:
    await cloud.create("exit 0")
    assert (await http.post(f"/v2/{NIGHTLY}:run")).status_code == 200


async def test_a_wait_ends_at_its_timeout(cloud: Cloud, http: httpx.AsyncClient) -> None:
    await cloud.create("sleep 60")
    started = await cloud.start()
    name = started.operation.operation.name
    answer = await http.post(f"/v2/{name}:wait", json={"timeout": "0.05s"})
    assert answer.json()["done"] is False
    assert (await http.get(f"/v2/{name}")).json()["metadata"]["name"] == started.name


@pytest.mark.parametrize("header", [None, "", "Bearer"])
async def test_a_post_without_a_token_starts_nothing(
    cloud: Cloud, http: httpx.AsyncClient, header: str | None
) -> None:
    await cloud.create("exit 0")
    del http.headers["authorization"]
    if header is not None:
        http.headers["authorization"] = header
    assert (await http.post(f"/v2/{NIGHTLY}:run")).status_code == 401
    assert (await cloud.call(cloud.jobs.get_job, name=NIGHTLY)).execution_count == 0


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"override": {}}, 400, 'Unknown name "override"'),
        ({"overrides": {"tasks": 3}}, 400, "Unknown name \"tasks\" at 'overrides'"),
        ({"overrides": {"taskCount": -1}}, 400, "overrides.task_count"),
        ({"overrides": {"timeout": "soon"}}, 400, "timeout"),
        ({"overrides": {"containerOverrides": [{"name": "other"}]}}, 400, "no container 'other'"),
        ({"overrides": {"containerOverrides": [{}, {}]}}, 400, "more containers"),
        ({"overrides": {"containerOverrides": [{"command": ["x"]}]}}, 400, '"command"'),
        ({"overrides": {"containerOverrides": [{"env": [{"value": "x"}]}]}}, 400, "env[0].name"),
        ({"overrides": [1]}, 400, "a JSON object is needed"),
        ({"validateOnly": True}, 501, "validateOnly"),
        ("no JSON", 400, "Invalid JSON payload"),
    ],
)
async def test_a_run_that_cannot_be_is_refused(
    cloud: Cloud, http: httpx.AsyncClient, body: Any, status: int, named: str
) -> None:
    await cloud.create("exit 0")
    answer = await http.post(f"/v2/{NIGHTLY}:run", json=body)
    assert (answer.status_code, named in answer.json()["error"]["message"]) == (status, True)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b"[" * 200_000,
        b'{"overrides": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
        b'{"overrides": {"containerOverrides": [{"args": ["\\ud800"]}]}}',
        b'{"overrides": {"containerOverrides": [{"args": ["\\u0000"]}]}}',
        b'{"overrides": {"taskCount": 1e400}}',
        b'{"etag": {"a": 1}}',
    ],
)
async def test_a_malformed_body_is_a_clients_error_never_a_crash(
    cloud: Cloud, http: httpx.AsyncClient, body: bytes
) -> None:
    await cloud.create("exit 0")
    answer = await http.post(f"/v2/{NIGHTLY}:run", content=body)
    assert answer.status_code in (400, 409)
    assert answer.json()["error"]["message"]


async def test_a_body_that_is_too_large_is_refused(http: httpx.AsyncClient) -> None:
    assert (await http.post(f"/v2/{NIGHTLY}:run", content=b" " * 1_048_577)).status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{LOCATION}/jobs?pageSize=many", 400),
        ("GET", f"{LOCATION}/jobs?pageSizes=1", 400),
        ("GET", f"{LOCATION}/jobs?showDeleted=true", 501),
        ("GET", f"{NIGHTLY}/executions/none", 404),
        ("GET", f"{NIGHTLY}/executions/none/tasks/none-task0", 404),
        ("GET", f"{NIGHTLY}/executions/none/tasks", 404),
        ("GET", f"{LOCATION}/operations/none", 404),
        ("POST", f"{NIGHTLY}/executions/none:cancel", 404),
        ("DELETE", f"{NIGHTLY}/executions/none", 404),
        ("GET", f"{NIGHTLY}/executions", 404),
        ("GET", f"{LOCATION}/services", 501),
        ("GET", f"{NIGHTLY}:getIamPolicy", 501),
        ("PUT", NIGHTLY, 501),
    ],
)
async def test_a_call_that_cannot_be_answered_is_a_clients_error(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, f"/v2/{path}")
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status
