"""What the manifest declares exists in the emulators and reaches its function, signed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.auth import jwt
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.pubsub_v1 import PublisherClient, SubscriberClient, Subscription
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from shared.outbox.jobs import run_body, run_url
from tests.workflows.builders import FIXTURES, fixture_wiring
from tests.workflows.waiting import until
from workflows.jobs import JobFailed
from workflows.local.provisioning.jobs import create_jobs
from workflows.local.provisioning.messages import create_subscriptions
from workflows.local.provisioning.site import Site
from workflows.runner.addresses import INVOKER, PROJECT, REGION, TRAINING_BUCKET
from workflows.stack import Stack
from workflows.triggers import DeadLetters, Push
from workflows.wiring import Wiring


def heard(stack: Stack, function: str) -> list[dict[str, Any]]:
    """What the function wrote of its calls."""
    log = Path(stack.data_dir / "logs" / f"{function}.log")
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line) for line in lines if line.startswith("{")]


def channel(stack: Stack, emulator: str) -> grpc.Channel:
    return grpc.insecure_channel(stack.addresses.emulators[emulator]["grpc"])


def publish(stack: Stack, topic: str, attributes: dict[str, str]) -> None:
    transport = PublisherGrpcTransport(channel=channel(stack, "pubsub"))
    messages = [{"data": b"{}", "attributes": attributes}]
    request = {"topic": f"projects/{PROJECT}/topics/{topic}", "messages": messages}
    PublisherClient(transport=transport).publish(request=request)


def subscription(stack: Stack, name: str) -> Subscription:
    transport = SubscriberGrpcTransport(channel=channel(stack, "pubsub"))
    path = f"projects/{PROJECT}/subscriptions/{name}"
    return SubscriberClient(transport=transport).get_subscription(subscription=path)


async def test_a_message_is_pushed_to_its_function_signed_as_the_invoker(
    fixture_stack: Stack,
) -> None:
    before = len(heard(fixture_stack, "hear_news"))
    publish(fixture_stack, "news", {"city": "seattle"})
    await until(lambda: len(heard(fixture_stack, "hear_news")) > before)
    call = heard(fixture_stack, "hear_news")[-1]
    assert json.loads(call["body"])["message"]["attributes"] == {"city": "seattle"}
    token = call["headers"]["authorization"].split()[1]
    claims = jwt.decode(token, verify=False)  # type: ignore[no-untyped-call]
    assert claims["email"] == INVOKER
    assert claims["aud"] == fixture_stack.addresses.ingress + "/hear-news"


async def test_a_task_of_its_queue_reaches_its_function(fixture_stack: Stack) -> None:
    transport = CloudTasksGrpcTransport(channel=channel(fixture_stack, "tasks"))
    client = CloudTasksClient(transport=transport)
    queue = client.queue_path(PROJECT, REGION, "work")
    assert client.get_queue(name=queue).retry_config.min_backoff == timedelta(seconds=0.1)
    before = len(heard(fixture_stack, "take_task"))
    request = {"url": fixture_stack.addresses.ingress + "/take-task", "body": b'{"day": 3}'}
    client.create_task(request={"parent": queue, "task": {"http_request": request}})
    await until(lambda: len(heard(fixture_stack, "take_task")) > before)
    call = heard(fixture_stack, "take_task")[-1]
    assert call["body"] == '{"day": 3}'
    assert call["headers"]["x-cloudtasks-queuename"] == "work"


async def test_a_schedule_starts_its_function_when_its_time_comes(fixture_stack: Stack) -> None:
    before = len(heard(fixture_stack, "tick_clock"))
    await fixture_stack.emulator("scheduler").advance(300)
    await until(lambda: len(heard(fixture_stack, "tick_clock")) > before)
    headers = heard(fixture_stack, "tick_clock")[-1]["headers"]
    assert headers["x-cloudscheduler-jobname"] == "tick-clock"


async def test_a_message_that_is_never_taken_becomes_a_dead_letter(fixture_stack: Stack) -> None:
    before = len(heard(fixture_stack, "hear_dead"))
    publish(fixture_stack, "rumours", {"city": "seattle"})
    await until(lambda: len(heard(fixture_stack, "hear_dead")) > before)
    (call,) = heard(fixture_stack, "hear_dead")[before:]
    attributes = json.loads(call["body"])["message"]["attributes"]
    assert attributes["city"] == "seattle"
    assert attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "5"
    assert attributes["CloudPubSubDeadLetterSourceSubscription"] == "rumours-to-refuse-rumour"


def with_dead_letters(wiring: Wiring, given_up: DeadLetters | None) -> Wiring:
    """The wiring with another policy for the messages that refuse_rumour never takes."""
    refuses = wiring.functions["refuse_rumour"]
    assert isinstance(refuses.trigger, Push)
    changed = replace(refuses, trigger=replace(refuses.trigger, dead_letters=given_up))
    return replace(wiring, functions={**wiring.functions, "refuse_rumour": changed})


@pytest.fixture
def site(fixture_stack: Stack) -> Site:
    """Where the fixture stack was provisioned."""
    addresses = fixture_stack.addresses
    return Site(
        project=PROJECT,
        region=REGION,
        invoker=INVOKER,
        bucket=TRAINING_BUCKET,
        function_url_template=addresses.function_url_template,
        **{name: addresses.emulators[name]["grpc"] for name in ("pubsub", "tasks", "scheduler")},
        **{name: addresses.http(name) for name in ("jobs", "storage")},
    )


async def test_a_changed_dead_letter_policy_reaches_a_subscription_that_exists(
    fixture_stack: Stack, site: Site
) -> None:
    wiring, found = fixture_wiring(), []
    for given_up in (DeadLetters("rumours-dead", 7), None, DeadLetters("rumours-dead", 5)):
        create_subscriptions(with_dead_letters(wiring, given_up), site)
        policy = subscription(fixture_stack, "rumours-to-refuse-rumour").dead_letter_policy
        found.append((policy.dead_letter_topic, policy.max_delivery_attempts))
    topic = f"projects/{PROJECT}/topics/rumours-dead"
    assert found == [(topic, 7), ("", 0), (topic, 5)]


async def test_a_changed_job_is_brought_up_to_date(
    fixture_stack: Stack, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told what this process is told, as in docker-compose, but not a service's port."""
    monkeypatch.setenv("RUMOUR", "it rains")
    monkeypatch.setenv("PORT", "8080")
    wiring = fixture_wiring()
    changed = replace(wiring.jobs["end_badly"], timeout=90.0, retries=2, tasks=3, parallelism=2)
    create_jobs(replace(wiring, jobs={"end_badly": changed}), site, FIXTURES)
    execution = await failed_execution(fixture_stack, "end_badly")
    create_jobs(wiring, replace(site, job_environment={}), FIXTURES)
    again = await failed_execution(fixture_stack, "end_badly")
    template = execution["template"]
    assert (execution["taskCount"], execution["parallelism"]) == (3, 2)
    assert (template["timeout"], template["maxRetries"]) == ("90s", 2)
    told = {variable["name"]: variable["value"] for variable in template["containers"][0]["env"]}
    assert told["RUMOUR"] == "it rains"
    assert "PORT" not in told
    assert (again["taskCount"], again["template"]["maxRetries"]) == (1, 0)


async def failed_execution(stack: Stack, job: str) -> Mapping[str, Any]:
    with pytest.raises(JobFailed) as failed:
        await stack.jobs.run(job)
    return failed.value.execution


async def test_a_schedule_starts_its_job(fixture_stack: Stack) -> None:
    before = await fixture_stack.jobs.executions("tell_task")
    transport = CloudSchedulerGrpcTransport(channel=channel(fixture_stack, "scheduler"))
    client = CloudSchedulerClient(transport=transport)
    client.run_job(name=client.job_path(PROJECT, REGION, "tell-task"))
    for emulator in ("scheduler", "jobs"):
        await fixture_stack.emulator(emulator).until_idle()
    after = await fixture_stack.jobs.executions("tell_task")
    assert len(after) == len(before) + 1
    assert after[0]["succeededCount"] == 2


async def test_a_task_of_its_queue_starts_a_job(fixture_stack: Stack) -> None:
    before = await fixture_stack.jobs.executions("end_badly")
    transport = CloudTasksGrpcTransport(channel=channel(fixture_stack, "tasks"))
    client = CloudTasksClient(transport=transport)
    api = fixture_stack.addresses.http("jobs")
    request = {
        "url": run_url(api, PROJECT, REGION, "end_badly"),
        "body": json.dumps(run_body({"env": {"DAY": "2026-11-22"}})).encode(),
        "oauth_token": {"service_account_email": INVOKER},
    }
    queue = client.queue_path(PROJECT, REGION, "nightly")
    client.create_task(request={"parent": queue, "task": {"http_request": request}})
    for emulator in ("tasks", "jobs"):
        await fixture_stack.emulator(emulator).until_idle()
    after = await fixture_stack.jobs.executions("end_badly")
    assert len(after) == len(before) + 1
    assert {"name": "DAY", "value": "2026-11-22"} in after[0]["template"]["containers"][0]["env"]


async def test_the_bucket_of_the_training_sets_is_there(fixture_stack: Stack) -> None:
    url = f"{fixture_stack.addresses.http('storage')}/storage/v1/b/{TRAINING_BUCKET}"
    async with fixture_stack.client() as client:
        assert (await client.get(url)).json()["name"] == "overplanned-local-training"
