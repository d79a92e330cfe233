"""What the manifest declares exists in the emulators and reaches its function, signed."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
from google.auth import jwt
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.pubsub_v1 import PublisherClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from tests.workflows.waiting import until
from workflows.runner.addresses import INVOKER, PROJECT, REGION
from workflows.stack import Stack


def heard(stack: Stack, function: str) -> list[dict[str, Any]]:
    """What the function wrote of its calls."""
    log = Path(stack.data_dir / "logs" / f"{function}.log")
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line) for line in lines if line.startswith("{")]


def channel(stack: Stack, emulator: str) -> grpc.Channel:
    return grpc.insecure_channel(stack.addresses.emulators[emulator]["grpc"])


async def test_a_message_is_pushed_to_its_function_signed_as_the_invoker(
    fixture_stack: Stack,
) -> None:
    before = len(heard(fixture_stack, "hear_news"))
    transport = PublisherGrpcTransport(channel=channel(fixture_stack, "pubsub"))
    publisher = PublisherClient(transport=transport)
    message = {"data": b"{}", "attributes": {"city": "seattle"}}
    topic = f"projects/{PROJECT}/topics/news"
    publisher.publish(request={"topic": topic, "messages": [message]})
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
