"""What a job sends, and what follows a failed attempt."""

import asyncio
import datetime

import google.auth.transport.requests
import pytest
import requests
from google.cloud.scheduler_v1 import CloudSchedulerAsyncClient
from google.oauth2 import id_token

from emulators import identity
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import Answer, HttpTarget
from tests.emulators.scheduler.jobs import NAME, Jobs

INVOKER = "invoker@overplanned-local.iam.gserviceaccount.com"


async def test_the_target_gets_the_services_headers_and_the_body(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    own = {"X-Mixed-Case": "kept", "user-agent": "mine", "x-cloudscheduler": "forged"}
    await jobs.create(target={"body": b'{"a": 1}', "headers": own, "http_method": "PUT"})
    await admin.advance(60)
    [call] = await target.received(1)
    assert (call.method, call.path, call.body) == ("PUT", "/relay", b'{"a": 1}')
    sent = dict(call.raw)
    assert sent["User-Agent"] == "Google-Cloud-Scheduler"
    assert sent["X-CloudScheduler"] == "true"
    assert sent["X-CloudScheduler-JobName"] == "relay-outbox"
    assert sent["X-CloudScheduler-ScheduleTime"] == "2026-11-23T10:01:00Z"
    assert sent["X-Mixed-Case"] == "kept"
    assert sent["Content-Type"] == "application/octet-stream"
    assert call.headers["user-agent"] == "Google-Cloud-Scheduler"


async def test_a_content_type_of_ones_own_stays(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create(target={"body": b"{}", "headers": {"content-type": "application/json"}})
    await admin.advance(60)
    [call] = await target.received(1)
    assert call.method == "POST"
    assert call.headers["content-type"] == "application/json"


@pytest.mark.parametrize("audience", ["", "https://relay-outbox.example"])
async def test_an_oidc_token_is_one_that_google_auth_accepts(
    client: CloudSchedulerAsyncClient,
    jobs: Jobs,
    target: HttpTarget,
    house: House,
    audience: str,
) -> None:
    await jobs.create(
        target={"oidc_token": {"service_account_email": INVOKER, "audience": audience}}
    )
    house.clock.advance(-house.clock.offset)  # google-auth checks times by the machine's clock
    await client.run_job(name=NAME)
    [call] = await target.received(1)
    issuer = await identity.start(house)
    with requests.Session() as session:
        claims = await asyncio.to_thread(
            id_token.verify_token,
            call.headers["authorization"].removeprefix("Bearer "),
            google.auth.transport.requests.Request(session),
            audience=audience or f"{target.url}/relay",
            certs_url=f"{issuer.addresses['http']}/oauth2/v1/certs",
        )
    await issuer.stop()
    assert claims["email"] == INVOKER


async def test_a_failure_is_not_retried_unless_asked_for(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    target.script(500)
    await jobs.create("0 * * * *")
    await admin.advance(3600)
    await target.received(1)
    await admin.until_idle()
    job = await client.get_job(name=NAME)
    assert job.status.code == 13
    assert job.last_attempt_time.hour == 11
    assert job.schedule_time.hour == 12
    await admin.advance(3000)
    await admin.until_idle()
    assert len(target.calls) == 1
    await admin.advance(600)
    await target.received(2)
    await admin.until_idle()
    assert (await client.get_job(name=NAME)).status.code == 0


async def test_a_retry_duration_alone_asks_for_no_retry(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    target.always = Answer(500)
    await jobs.create("0 * * * *", retry_config={"max_retry_duration": {"seconds": 600}})
    await admin.advance(3600)
    await target.received(1)
    await admin.until_idle()
    await admin.advance(1800)
    await admin.until_idle()
    assert len(target.calls) == 1


async def test_retries_follow_the_backoff_and_end_after_their_count(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    target.always = Answer(503)
    retries = {
        "retry_count": 5,
        "min_backoff_duration": {"seconds": 10},
        "max_backoff_duration": {"seconds": 60},
        "max_doublings": 2,
    }
    await jobs.create("0 0 * * *", retry_config=retries)
    await admin.advance(14 * 3600)
    for attempts, wait in enumerate([10, 20, 40, 60, 60], start=1):
        await target.received(attempts)
        await admin.until_idle()
        job = await client.get_job(name=NAME)
        since = job.schedule_time - job.last_attempt_time
        assert since.total_seconds() == pytest.approx(wait, abs=0.5)
        await admin.advance(wait - 1)
        await admin.until_idle()
        assert len(target.calls) == attempts
        await admin.advance(1)
    await target.received(6)
    await admin.until_idle()
    await admin.advance(3600)
    await admin.until_idle()
    times = {call.headers["x-cloudscheduler-scheduletime"] for call in target.calls}
    assert (len(target.calls), times) == (6, {"2026-11-24T00:00:00Z"})
    job = await client.get_job(name=NAME)
    assert job.schedule_time == datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)


async def test_a_retry_duration_lengthens_the_retrying(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    target.always = Answer(500)
    retries = {
        "retry_count": 1,
        "max_retry_duration": {"seconds": 100},
        "min_backoff_duration": {"seconds": 40},
        "max_backoff_duration": {"seconds": 40},
    }
    await jobs.create("0 0 * * *", retry_config=retries)
    await admin.advance(14 * 3600)
    # Attempts at 0, 40, 80 and 120 s: after the last both limits are reached.
    for attempts in range(1, 5):
        await target.received(attempts)
        await admin.until_idle()
        await admin.advance(41)
    await admin.until_idle()
    assert len(target.calls) == 4


async def test_retries_do_not_reach_into_the_next_execution(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    target.script(500, 200)
    retries = {"retry_count": 5, "min_backoff_duration": {"seconds": 90}}
    await jobs.create("* * * * *", retry_config=retries)
    await admin.advance(60)
    await target.received(1)
    await admin.until_idle()
    await admin.advance(60)
    await target.received(2)
    times = [call.headers["x-cloudscheduler-scheduletime"][11:16] for call in target.calls]
    assert times == ["10:01", "10:02"]


async def test_an_answer_after_the_attempt_deadline_is_a_failure(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    target.script(Answer(silent=True))
    await jobs.create("0 * * * *", attempt_deadline={"seconds": 15})
    await admin.advance(3600)
    await target.received(1)
    assert not await admin.is_idle()
    await admin.advance(16)
    await admin.until_idle()
    assert (await client.get_job(name=NAME)).status.code == 4


async def test_a_redirect_is_followed_and_its_end_counts(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    target.script(Answer(307, {"Location": f"{target.url}/moved"}), 404)
    await jobs.create()
    await admin.advance(60)
    await target.received(2)
    await admin.until_idle()
    assert [call.path for call in target.calls] == ["/relay", "/moved"]
    assert (await client.get_job(name=NAME)).status.code == 5
