"""Jobs: made, read, changed and deleted as the official client expects; what outlives a restart."""

import asyncio
import dataclasses
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.api_core.exceptions import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    MethodNotImplemented,
    NotFound,
)
from google.cloud.scheduler_v1 import CloudSchedulerAsyncClient, CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcAsyncIOTransport,
    CloudSchedulerGrpcTransport,
)

from emulators import scheduler
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.descriptors import installed_files, kept_files
from tests.emulators.http_target import HttpTarget
from tests.emulators.scheduler.jobs import LOCATION, NAME, Jobs


async def test_a_job_gets_the_services_defaults(
    client: CloudSchedulerAsyncClient, jobs: Jobs
) -> None:
    job = await jobs.create()
    assert job == await client.get_job(name=NAME)
    assert job.state.name == "ENABLED"
    assert job.time_zone == "UTC"
    assert job.attempt_deadline.total_seconds() == 180
    assert job.retry_config.retry_count == 0
    assert job.retry_config.min_backoff_duration.total_seconds() == 5
    assert job.retry_config.max_backoff_duration.total_seconds() == 3600
    assert job.retry_config.max_doublings == 5
    assert job.user_update_time.isoformat().startswith("2026-11-23T10:00:2")


async def test_a_job_without_a_name_gets_one(jobs: Jobs) -> None:
    job = await jobs.create(name="")
    assert job.name.removeprefix(f"{LOCATION}/jobs/").isdigit()


async def test_jobs_are_listed_by_location_in_pages(
    client: CloudSchedulerAsyncClient, jobs: Jobs
) -> None:
    for job_id in ("c", "a", "b"):
        await jobs.create(name=f"{LOCATION}/jobs/{job_id}")
    pager = await client.list_jobs({"parent": LOCATION, "page_size": 2})
    assert len(pager.jobs) == 2
    assert [job.name[-1] async for job in pager] == ["a", "b", "c"]
    elsewhere = await client.list_jobs(parent="projects/overplanned-local/locations/europe-west1")
    assert [job async for job in elsewhere] == []


async def test_a_job_exists_once(jobs: Jobs) -> None:
    await jobs.create()
    with pytest.raises(AlreadyExists) as refused:
        await jobs.create()
    assert refused.value.message == f"Job {NAME} already exists."


async def test_a_missing_job_is_not_found(client: CloudSchedulerAsyncClient) -> None:
    for call in (
        client.get_job(name=NAME),
        client.delete_job(name=NAME),
        client.pause_job(name=NAME),
        client.resume_job(name=NAME),
        client.run_job(name=NAME),
        client.update_job({"job": {"name": NAME}}),
    ):
        with pytest.raises(NotFound, match="Job not found"):
            await call


async def test_only_an_enabled_job_is_paused_and_only_a_paused_one_resumed(
    client: CloudSchedulerAsyncClient, jobs: Jobs
) -> None:
    await jobs.create()
    with pytest.raises(FailedPrecondition, match="not paused"):
        await client.resume_job(name=NAME)
    await client.pause_job(name=NAME)
    with pytest.raises(FailedPrecondition, match="not enabled"):
        await client.pause_job(name=NAME)


async def test_an_update_keeps_what_the_mask_does_not_name(
    client: CloudSchedulerAsyncClient, jobs: Jobs
) -> None:
    await jobs.create(description="before", target={"body": b"x"})
    await client.pause_job(name=NAME)
    changed = await client.update_job(
        {
            "job": {"name": NAME, "http_target": {"uri": "http://h/new"}, "state": "ENABLED"},
            "update_mask": {"paths": ["http_target.uri", "state"]},
        }
    )
    assert changed == await client.get_job(name=NAME)
    assert (changed.http_target.uri, changed.http_target.body) == ("http://h/new", b"x")
    assert changed.description == "before"
    assert changed.state.name == "PAUSED"
    with pytest.raises(InvalidArgument, match="Invalid mask for Job: timeZone"):
        await client.update_job(
            {"job": {"name": NAME}, "update_mask": {"paths": ["schedule", "timeZone"]}}
        )


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "* * * *",
        "61 * * * *",
        "* * * * * *",
        "@daily",
        "0 0 L * *",
        "0 0 * * 1#2",
        "0 0 31 2 *",
    ],
)
async def test_a_schedule_that_is_no_unix_cron_is_refused(jobs: Jobs, schedule: str) -> None:
    with pytest.raises(InvalidArgument, match=r"^400 Schedule or time zone is invalid\.$"):
        await jobs.create(schedule)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "America", "UTC\0"])
async def test_an_unknown_time_zone_is_refused(jobs: Jobs, zone: str) -> None:
    with pytest.raises(InvalidArgument, match=r"Schedule or time zone is invalid\."):
        await jobs.create(time_zone=zone)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"http_target": {"uri": ""}}, "HttpTarget.uri is required."),
        ({"http_target": {"uri": "ftp://h/"}}, "must start with 'http://' or 'https://'"),
        (
            {"http_target": {"uri": "http://h/", "http_method": "GET", "body": b"x"}},
            "HttpTarget.body is only allowed with POST, PUT, PATCH.",
        ),
        (
            {"http_target": {"uri": "http://h.x/", "oauth_token": {"service_account_email": "a"}}},
            "HttpTarget.oauth_token is only for URLs of *.googleapis.com",
        ),
        ({"http_target": None}, "Job.target is required."),
        ({"name": f"{LOCATION}/jobs/a b"}, "Job name must be formatted: "),
        ({"name": "projects/p/locations/l/jobs/j"}, "must be the same as the location"),
        ({"description": "x" * 501}, "Job.description has more than 500 characters."),
        ({"attempt_deadline": {"seconds": 14}}, "must be between [15s, 30m]"),
        ({"attempt_deadline": {"seconds": 1801}}, "must be between [15s, 30m]"),
        ({"retry_config": {"retry_count": 6}}, "RetryConfig.retry_count must be between 0 and 5."),
        (
            {"retry_config": {"min_backoff_duration": {"seconds": -1}}},
            "RetryConfig.min_backoff_duration cannot be negative.",
        ),
        (
            {"http_target": {"uri": "http://h/", "body": b"x" * 2**20}},
            "Job exceeds maximum size of 1 MB.",
        ),
    ],
)
async def test_a_job_that_cannot_be_is_refused_with_the_reason(
    client: CloudSchedulerAsyncClient, jobs: Jobs, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await jobs.create(**fields)
    assert message in refused.value.message
    assert [job async for job in await client.list_jobs(parent=LOCATION)] == []


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (
            {"http_target": None, "pubsub_target": {"topic_name": "t", "data": b"x"}},
            "pubsub_target",
        ),
        ({"http_target": None, "app_engine_http_target": {}}, "app_engine_http_target"),
        ({"schedule": "every 5 minutes"}, "every 5 minutes"),
    ],
)
async def test_what_is_not_supported_says_so_with_its_name(
    jobs: Jobs, fields: dict[str, Any], named: str
) -> None:
    with pytest.raises(MethodNotImplemented, match=named):
        await jobs.create(**fields)


async def test_the_synchronous_client_works_too(emulator: dict[str, str], jobs: Jobs) -> None:
    await jobs.create()

    def read() -> str:
        with grpc.insecure_channel(emulator["grpc"]) as channel:
            client = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))
            return client.get_job(name=NAME).schedule

    assert await asyncio.to_thread(read) == "* * * * *"


async def test_jobs_outlive_the_process_and_ticks_meanwhile_are_not_made_up(
    house: House, target: HttpTarget, tmp_path: Path
) -> None:
    paused, left = f"{LOCATION}/jobs/paused", tmp_path / "left"
    async with started(house) as (client, _):
        jobs = Jobs(client, target.url)
        await jobs.create("0 * * * *")
        await jobs.create("0 * * * *", name=paused)
        await client.pause_job(name=paused)
        # What a killed process leaves behind: the files as they are now.
        shutil.copytree(house.data_dir, left)
    house.clock.advance(86400)
    async with started(dataclasses.replace(house, data_dir=left)) as (client, admin):
        assert (await client.get_job(name=paused)).state.name == "PAUSED"
        next_tick = (await client.get_job(name=NAME)).schedule_time.timestamp()
        assert 0 < next_tick - house.clock.now() <= 3600
        await admin.until_idle()
        assert target.calls == []


@asynccontextmanager
async def started(house: House) -> AsyncIterator[tuple[CloudSchedulerAsyncClient, AdminClient]]:
    running = await scheduler.start(house)
    async with (
        AdminClient(running.addresses["admin"]) as admin,
        grpc.aio.insecure_channel(running.addresses["grpc"]) as channel,
    ):
        transport = CloudSchedulerGrpcAsyncIOTransport(channel=channel)
        yield CloudSchedulerAsyncClient(transport=transport), admin
    await running.stop()


async def test_reset_forgets_the_jobs(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create()
    assert (await admin.state())["jobs"][NAME]["state"] == "ENABLED"
    await admin.reset()
    with pytest.raises(NotFound):
        await client.get_job(name=NAME)
    await admin.advance(600)
    await admin.until_idle()
    assert target.calls == []


def test_the_descriptor_file_is_that_of_the_installed_client() -> None:
    kept = Path(scheduler.__file__).with_name("scheduler.binpb")
    assert kept_files(kept) == installed_files("google.cloud.scheduler_v1.types")
