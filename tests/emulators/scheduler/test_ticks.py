"""When jobs run."""

import datetime

import pytest
from google.cloud.scheduler_v1 import CloudSchedulerAsyncClient

from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget
from tests.emulators.scheduler.jobs import NAME, Jobs

DAY = 86400


def ticks(target: HttpTarget) -> list[str]:
    return [call.headers["x-cloudscheduler-scheduletime"] for call in target.calls]


async def test_a_job_runs_at_each_tick_and_not_before(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    job = await jobs.create("*/5 * * * *")
    assert job.schedule_time.isoformat() == "2026-11-23T10:05:00+00:00"
    await admin.advance(270)
    await admin.until_idle()
    assert target.calls == []
    for minute in ("05", "10"):
        await admin.advance(15 if minute == "05" else 300)
        await admin.until_idle()
        assert ticks(target)[-1] == f"2026-11-23T10:{minute}:00Z"
    assert len(target.calls) == 2


@pytest.mark.parametrize(
    ("schedule", "zone", "expected"),
    [
        ("0 3 * * *", "", "2026-11-24T03:00:00Z"),
        ("0 3 * * *", "utc", "2026-11-24T03:00:00Z"),
        ("0 3 * * *", "America/Los_Angeles", "2026-11-23T03:00:00-08:00"),
        ("30 9 * * MON-FRI", "Asia/Tokyo", "2026-11-24T09:30:00+09:00"),
        ("0 0 1 1 *", "Europe/Berlin", "2027-01-01T00:00:00+01:00"),
        ("0 0 13 * 5", "UTC", "2026-11-27T00:00:00Z"),
    ],
)
async def test_the_schedule_is_read_in_the_jobs_time_zone(
    jobs: Jobs, admin: AdminClient, target: HttpTarget, schedule: str, zone: str, expected: str
) -> None:
    job = await jobs.create(schedule, time_zone=zone)
    due = datetime.datetime.fromisoformat(expected)
    assert job.schedule_time == due
    await admin.advance((due - datetime.datetime.fromisoformat(NOW)).total_seconds() + 1)
    await admin.until_idle()
    assert ticks(target) == [expected]


NOW = "2026-11-23T10:00:20+00:00"


async def test_a_jump_over_several_ticks_runs_each_once_and_in_order(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create("0 2 * * *")
    await admin.advance(30 * DAY)
    await admin.until_idle()
    assert [tick[:10] for tick in ticks(target)] == [
        str(datetime.date(2026, 11, 24) + datetime.timedelta(days=day)) for day in range(30)
    ]
    assert target.most_running == 1


async def test_a_jump_over_very_many_ticks_runs_the_latest_hour_of_minutes(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create("* * * * *")
    await admin.advance(DAY)
    await admin.until_idle()
    assert len(target.calls) == 60
    assert ticks(target)[0] == "2026-11-24T09:01:00Z"
    assert ticks(target)[-1] == "2026-11-24T10:00:00Z"


async def test_a_jump_over_two_months_runs_every_night(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create("0 3 * * *")
    await admin.advance(60 * DAY)
    await admin.until_idle()
    assert (len(target.calls), ticks(target)[0][:10]) == (60, "2026-11-24")


async def test_an_execution_waits_until_the_one_before_has_ended(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    target.hold()
    await jobs.create("* * * * *")
    await admin.advance(60)
    await target.received(1)
    await admin.advance(60)
    assert not await admin.is_idle()
    assert target.running == 1
    target.release()
    await admin.until_idle()
    assert [tick[11:16] for tick in ticks(target)] == ["10:01", "10:02"]
    assert target.most_running == 1


async def test_a_clock_set_back_does_not_silence_a_job(
    jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create("* * * * *")
    await admin.advance(-365 * DAY)
    await admin.advance(60)
    await admin.until_idle()
    assert ticks(target) == ["2025-11-23T10:01:00Z"]


async def test_a_paused_job_misses_its_ticks(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create("* * * * *")
    paused = await client.pause_job(name=NAME)
    assert paused.state.name == "PAUSED"
    assert not paused.schedule_time
    await admin.advance(600)
    await admin.until_idle()
    assert target.calls == []
    resumed = await client.resume_job(name=NAME)
    assert (resumed.state.name, resumed.schedule_time.minute) == ("ENABLED", 11)
    await admin.advance(60)
    await admin.until_idle()
    assert ticks(target) == ["2026-11-23T10:11:00Z"]


async def test_a_changed_schedule_holds_at_once(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create("0 0 1 1 *")
    changed = await client.update_job(
        {
            "job": {"name": NAME, "schedule": "*/2 * * * *"},
            "update_mask": {"paths": ["schedule"]},
        }
    )
    assert changed.http_target.uri.endswith("/relay")
    assert changed.schedule_time.minute == 2
    await admin.advance(120)
    await admin.until_idle()
    assert ticks(target) == ["2026-11-23T10:02:00Z"]


async def test_a_deleted_job_runs_no_more(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create("* * * * *")
    await client.delete_job(name=NAME)
    await admin.advance(600)
    await admin.until_idle()
    assert target.calls == []


async def test_run_job_runs_it_now_and_leaves_the_schedule_alone(
    client: CloudSchedulerAsyncClient, jobs: Jobs, admin: AdminClient, target: HttpTarget
) -> None:
    await jobs.create("0 0 1 1 *")
    await client.pause_job(name=NAME)
    await client.run_job(name=NAME)
    await target.received(1)
    await admin.until_idle()
    assert ticks(target)[0].startswith("2026-11-23T10:00:2")
    assert (await client.resume_job(name=NAME)).schedule_time.year == 2027
