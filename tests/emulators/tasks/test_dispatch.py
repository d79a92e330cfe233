"""What a task's target is sent."""

import asyncio

import google.auth.transport.requests
import pytest
import requests
from google.api_core.exceptions import InvalidArgument
from google.cloud.tasks_v2 import CloudTasksAsyncClient
from google.oauth2 import id_token

from emulators import identity
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import Answer, HttpTarget
from tests.emulators.tasks.names import MIN_BACKOFF_S

INVOKER = "invoker@overplanned-local.iam.gserviceaccount.com"


async def test_a_task_reaches_its_url_with_method_body_and_the_service_headers(
    client: CloudTasksAsyncClient, queue: str, target: HttpTarget
) -> None:
    task = await client.create_task(
        {
            "parent": queue,
            "task": {
                "name": f"{queue}/tasks/seattle-1",
                "http_request": {
                    "url": f"{target.url}/prewarm?x=1",
                    "http_method": "PUT",
                    "body": b'{"cell": 7}',
                    "headers": {"content-type": "application/json", "X-Mixed-Case": "kept"},
                },
            },
        }
    )
    [call] = await target.received(1)
    assert (call.method, call.path, call.body) == ("PUT", "/prewarm?x=1", b'{"cell": 7}')
    sent = dict(call.raw)
    assert sent["User-Agent"] == "Google-Cloud-Tasks"
    assert sent["X-CloudTasks-QueueName"] == "prewarm"
    assert sent["X-CloudTasks-TaskName"] == "seattle-1"
    assert sent["X-CloudTasks-TaskRetryCount"] == "0"
    assert sent["X-CloudTasks-TaskExecutionCount"] == "0"
    assert sent["X-CloudTasks-TaskETA"] == f"{task.schedule_time.timestamp():.6f}"
    assert sent["content-type"] == "application/json"
    assert sent["X-Mixed-Case"] == "kept"
    assert "x-cloudtasks-taskpreviousresponse" not in call.headers
    assert "x-cloudtasks-taskretryreason" not in call.headers


async def test_no_content_type_is_made_up(
    client: CloudTasksAsyncClient, queue: str, target: HttpTarget
) -> None:
    await client.create_task(
        {"parent": queue, "task": {"http_request": {"url": target.url, "body": b"{}"}}}
    )
    [call] = await target.received(1)
    assert call.method == "POST"
    assert "content-type" not in call.headers


async def test_injected_headers_win_over_the_tasks_own(
    client: CloudTasksAsyncClient, queue: str, target: HttpTarget
) -> None:
    own = {
        "user-agent": "mine",
        "x-cloudtasks-queuename": "forged",
        "AUTHORIZATION": "Bearer forged",
        "Host": "elsewhere.example",
        "Content-Length": "999",
        "X-Google-Forged": "1",
        "x-appengine-forged": "1",
    }
    request = {
        "url": target.url,
        "headers": own,
        "oidc_token": {"service_account_email": INVOKER},
    }
    await client.create_task({"parent": queue, "task": {"http_request": request}})
    [call] = await target.received(1)
    assert call.headers["user-agent"] == "Google-Cloud-Tasks"
    assert call.headers["x-cloudtasks-queuename"] == "prewarm"
    assert call.headers["authorization"] != "Bearer forged"
    assert call.headers["host"] == target.url.removeprefix("http://")
    assert "x-google-forged" not in call.headers
    assert "x-appengine-forged" not in call.headers


@pytest.mark.parametrize("audience", ["", "https://prewarm-combo.example"])
async def test_an_oidc_token_is_one_that_google_auth_accepts(
    client: CloudTasksAsyncClient, queue: str, target: HttpTarget, house: House, audience: str
) -> None:
    token = {"service_account_email": INVOKER, "audience": audience}
    url = f"{target.url}/prewarm"
    await client.create_task(
        {"parent": queue, "task": {"http_request": {"url": url, "oidc_token": token}}}
    )
    [call] = await target.received(1)
    scheme, _, credential = call.headers["authorization"].partition(" ")
    assert scheme == "Bearer"
    issuer = await identity.start(house)
    with requests.Session() as session:
        claims = await asyncio.to_thread(
            id_token.verify_token,
            credential,
            google.auth.transport.requests.Request(session),
            audience=audience or url,
            certs_url=f"{issuer.addresses['http']}/oauth2/v1/certs",
        )
    await issuer.stop()
    assert claims["email"] == INVOKER
    assert claims["email_verified"] is True
    assert claims["iss"] == "https://accounts.google.com"


async def test_an_oauth_token_is_an_access_token(
    client: CloudTasksAsyncClient, queue: str, target: HttpTarget
) -> None:
    token = {"service_account_email": INVOKER}
    await client.create_task(
        {"parent": queue, "task": {"http_request": {"url": target.url, "oauth_token": token}}}
    )
    [call] = await target.received(1)
    assert call.headers["authorization"].startswith("Bearer ya29.")


async def test_an_oauth_token_goes_to_google_apis_only(
    client: CloudTasksAsyncClient, queue: str
) -> None:
    token = {"service_account_email": INVOKER}
    for url in ("https://example.com/x", "https://evilgoogleapis.com/x"):
        with pytest.raises(InvalidArgument, match=r"only for URLs of \*\.googleapis\.com"):
            await client.create_task(
                {"parent": queue, "task": {"http_request": {"url": url, "oauth_token": token}}}
            )


async def test_retries_carry_the_counts_and_the_previous_answer(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    target.script(503, 404, 429, 500, 302, 200)
    await client.create_task({"parent": queue, "task": {"http_request": {"url": target.url}}})
    for count in range(1, 6):
        await target.received(count)
        await admin.until_idle()
        await admin.advance(3600)
    calls = [call.headers for call in await target.received(6)]
    retries = [call["x-cloudtasks-taskretrycount"] for call in calls]
    executions = [call["x-cloudtasks-taskexecutioncount"] for call in calls]
    previous = [call.get("x-cloudtasks-taskpreviousresponse") for call in calls]
    assert retries == ["0", "1", "2", "3", "4", "5"]
    assert executions == ["0", "0", "1", "2", "2", "3"]
    assert previous == [None, "503", "404", "429", "500", "302"]
    assert [call.get("x-cloudtasks-taskretryreason") for call in calls] == [None] + [""] * 5
    assert len({call["x-cloudtasks-tasketa"] for call in calls}) == 6


async def test_an_answer_after_the_dispatch_deadline_counts_as_504(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    target.script(Answer(silent=True), 200)
    task = await client.create_task(
        {
            "parent": queue,
            "task": {"http_request": {"url": target.url}, "dispatch_deadline": {"seconds": 20}},
        }
    )
    await target.received(1)
    await admin.advance(15)
    assert not await admin.is_idle()
    await admin.advance(6)
    await admin.until_idle()
    failed = await client.get_task(name=task.name)
    assert failed.last_attempt.response_status.code == 4
    assert (failed.dispatch_count, failed.response_count) == (1, 0)
    await admin.advance(MIN_BACKOFF_S)
    _, second = await target.received(2)
    assert second.headers["x-cloudtasks-taskpreviousresponse"] == "504"
    assert second.headers["x-cloudtasks-taskexecutioncount"] == "0"


async def test_a_target_that_cannot_be_reached_is_tried_again(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str
) -> None:
    task = await client.create_task(
        {"parent": queue, "task": {"http_request": {"url": "http://127.0.0.1:9/%zz"}}}
    )
    await admin.until_idle()
    failed = await client.get_task(name=task.name)
    assert failed.dispatch_count == 1
    assert failed.response_count == 0
    assert failed.last_attempt.response_status.code == 14
    assert failed.schedule_time > failed.last_attempt.response_time


@pytest.mark.parametrize("status", [200, 204, 299])
async def test_any_2xx_ends_the_task(
    client: CloudTasksAsyncClient,
    admin: AdminClient,
    queue: str,
    target: HttpTarget,
    status: int,
) -> None:
    target.script(status)
    await client.create_task({"parent": queue, "task": {"http_request": {"url": target.url}}})
    await target.received(1)
    await admin.until_idle()
    assert [task async for task in await client.list_tasks(parent=queue)] == []
    assert (await admin.state())["queues"][queue]["succeeded"] == 1


async def test_a_redirect_is_no_success_and_is_not_followed(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    target.script(Answer(302, {"Location": f"{target.url}/elsewhere"}))
    await client.create_task(
        {"parent": queue, "task": {"http_request": {"url": f"{target.url}/here"}}}
    )
    await target.received(1)
    await admin.until_idle()
    assert [call.path for call in target.calls] == ["/here"]
    assert (await admin.state())["queues"][queue]["failed"] == 1


async def test_an_injected_duplicate_is_the_same_request_again(
    client: CloudTasksAsyncClient, admin: AdminClient, queue: str, target: HttpTarget
) -> None:
    await admin.faults(duplicate_next=1)
    await client.create_task(
        {"parent": queue, "task": {"http_request": {"url": target.url, "body": b"once"}}}
    )
    first, second = await target.received(2)
    assert first == second
    await admin.until_idle()
    assert (await admin.state())["queues"][queue]["dispatched"] == 1
