"""The outbox's two drivers, through the official clients, against the emulators."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import orjson
import pytest
from google.cloud.tasks_v2 import CloudTasksAsyncClient, Queue
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport
from google.pubsub_v1 import SubscriberClient
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport
from google.pubsub_v1.types import Topic

from emulators import pubsub, tasks
from emulators.skeleton.clock import Clock
from emulators.skeleton.house import House, Running
from emulators.skeleton.identity import Identity
from shared.outbox.message import Message
from shared.outbox.pubsub import Topics
from shared.outbox.send import NotSent, SendRefused
from shared.outbox.tasks import Tasks
from shared.runtime.settings import Settings
from tests.builders import a_message
from tests.emulators.admin_client import AdminClient

PROJECT, REGION = "outbox-test", "us-central1"
PLACE = f"projects/{PROJECT}/locations/{REGION}"
QUEUE, NIGHTLY = f"{PLACE}/queues/prewarm", f"{PLACE}/queues/nightly"
FULL = {"response_view": "FULL"}
INVOKER = "invoker@outbox-test.iam.gserviceaccount.com"
SETTINGS = Settings(
    {
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "GOOGLE_CLOUD_REGION": REGION,
        "INVOKER_SERVICE_ACCOUNT": INVOKER,
        "FUNCTION_URL_TEMPLATE": "http://127.0.0.1:1/{service}",
        "RUN_API_URL": "https://run.googleapis.com",
    }
)


def settings_with(pubsub_host: str) -> Settings:
    return Settings({**SETTINGS.environment, "PUBSUB_EMULATOR_HOST": pubsub_host})


def a_task(target: str = "prewarm_combo", name: str | None = "cell-2026112320") -> Message:
    return a_message(name, kind="task", target=target, payload={"trip_day": 1}, task_name=name)


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """One key for all tests: making one takes a tenth of a second."""
    return Identity(tmp_path_factory.mktemp("identity"), Clock())


@pytest.fixture
def house(tmp_path: Path, identity: Identity) -> House:
    return House(tmp_path, Clock(), identity)


@pytest.fixture
async def cloud_pubsub(house: House) -> AsyncIterator[Running]:
    running = await pubsub.start(house)
    yield running
    await running.stop()


@pytest.fixture
async def topics(cloud_pubsub: Running) -> AsyncIterator[Topics]:
    """The driver over an emulator that has the topic `trip-generated` alone."""
    opened = Topics(settings_with(cloud_pubsub.addresses["grpc"]))
    transport: Any = opened._transport
    await transport.create_topic(Topic(name=f"{opened._prefix}trip-generated"))
    yield opened
    await transport.grpc_channel.close()


@pytest.fixture
async def cloud_tasks(house: House) -> AsyncIterator[Running]:
    running = await tasks.start(house)
    yield running
    await running.stop()


@pytest.fixture
async def queue(cloud_tasks: Running) -> AsyncIterator[CloudTasksAsyncClient]:
    """A paused queue `prewarm`, as the official client sees it."""
    async with grpc.aio.insecure_channel(cloud_tasks.addresses["grpc"]) as channel:
        client = CloudTasksAsyncClient(transport=CloudTasksGrpcAsyncIOTransport(channel=channel))
        await client.create_queue(parent=PLACE, queue=Queue(name=QUEUE))
        await client.pause_queue(name=QUEUE)
        yield client


@pytest.fixture
async def enqueuer(cloud_tasks: Running, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tasks]:
    """The driver."""
    monkeypatch.setenv("CLOUD_TASKS_EMULATOR_HOST", cloud_tasks.addresses["grpc"])
    opened = Tasks(SETTINGS)
    yield opened
    await opened._transport.close()  # type: ignore[no-untyped-call]


async def waiting(queue: CloudTasksAsyncClient) -> list[Any]:
    return [task async for task in await queue.list_tasks(FULL | {"parent": QUEUE})]


async def test_a_message_is_confirmed_by_the_id_that_it_got(topics: Topics) -> None:
    assert await topics.publish("trip-generated", b"{}", {"a": "b"})


async def test_a_burst_leaves_in_few_calls(topics: Topics, cloud_pubsub: Running) -> None:
    await asyncio.gather(*(topics.send(a_message(number)) for number in range(50)))
    async with AdminClient(cloud_pubsub.addresses["admin"]) as admin:
        calls = (await admin.state())["calls"]
    published = [count for name, count in calls.items() if name.endswith("Publish")]
    assert 0 < sum(published) < 25


async def test_a_topic_that_does_not_exist_is_refused_for_good(topics: Topics) -> None:
    with pytest.raises(SendRefused):
        await topics.send(a_message(target="nowhere"))


async def test_a_pubsub_that_fails_is_tried_again_later_and_not_now(
    topics: Topics, cloud_pubsub: Running
) -> None:
    async with AdminClient(cloud_pubsub.addresses["admin"]) as admin:
        await admin.faults(fail_next=5, status=503, match="Publish")
        with pytest.raises(NotSent):
            await topics.send(a_message())
        assert (await admin.state())["faults"]["fail_next"] == 4


async def test_a_task_calls_its_function_as_the_invoker(
    enqueuer: Tasks, queue: CloudTasksAsyncClient
) -> None:
    await enqueuer.send(a_task())
    (task,) = await waiting(queue)
    assert task.name == f"{QUEUE}/tasks/cell-2026112320"
    request = task.http_request
    assert (request.url, request.body) == ("http://127.0.0.1:1/prewarm-combo", b'{"trip_day":1}')
    assert request.oidc_token.service_account_email == INVOKER
    assert request.oidc_token.audience == "http://127.0.0.1:1/prewarm-combo"


async def test_a_job_s_task_starts_an_execution_with_an_access_token_of_the_invoker(
    enqueuer: Tasks, queue: CloudTasksAsyncClient
) -> None:
    await queue.create_queue(parent=PLACE, queue=Queue(name=NIGHTLY))
    await queue.pause_queue(name=NIGHTLY)
    day = {"DAY": "2026-11-22"}
    promised = a_message(kind="task", target="refresh_personas", payload={"env": day})
    await enqueuer.send(promised)
    (task,) = [task async for task in await queue.list_tasks(FULL | {"parent": NIGHTLY})]
    request = task.http_request
    assert request.url == f"https://run.googleapis.com/v2/{PLACE}/jobs/refresh-personas:run"
    variable = {"name": "DAY", "value": "2026-11-22"}
    assert orjson.loads(request.body) == {
        "overrides": {"containerOverrides": [{"env": [variable]}]}
    }
    assert request.oauth_token.service_account_email == INVOKER
    assert request.oauth_token.scope == "https://www.googleapis.com/auth/cloud-platform"


async def test_a_task_of_the_same_name_is_there_already_and_that_is_well(
    enqueuer: Tasks, queue: CloudTasksAsyncClient
) -> None:
    await asyncio.gather(*(enqueuer.send(a_task()) for _ in range(5)))
    assert len(await waiting(queue)) == 1


async def test_tasks_without_a_name_are_all_kept(
    enqueuer: Tasks, queue: CloudTasksAsyncClient
) -> None:
    for _ in range(2):
        await enqueuer.send(a_task(name=None))
    assert len(await waiting(queue)) == 2


async def test_a_queue_that_does_not_exist_is_refused_for_good(enqueuer: Tasks) -> None:
    with pytest.raises(SendRefused):
        await enqueuer.send(a_task())


async def test_a_function_that_no_queue_serves_is_refused_for_good(enqueuer: Tasks) -> None:
    with pytest.raises(SendRefused, match="read_trip"):
        await enqueuer.send(a_task("read_trip"))


async def test_a_name_that_no_task_may_have_is_refused_for_good(
    enqueuer: Tasks, queue: CloudTasksAsyncClient
) -> None:
    with pytest.raises(SendRefused):
        await enqueuer.send(a_task(name="no/such name"))


async def test_both_say_that_they_are_well(
    topics: Topics, enqueuer: Tasks, queue: CloudTasksAsyncClient
) -> None:
    await topics.check()
    await enqueuer.check()


async def test_both_say_when_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUD_TASKS_EMULATOR_HOST", "127.0.0.1:1")
    topics, enqueuer = Topics(settings_with("127.0.0.1:1")), Tasks(SETTINGS)
    checks = (topics.check(), enqueuer.check())
    found = await asyncio.gather(*checks, return_exceptions=True)
    assert [type(error) for error in found] == [TimeoutError, TimeoutError]
    await topics._transport.grpc_channel.close()
    await enqueuer._transport.close()  # type: ignore[no-untyped-call]


async def test_a_message_keeps_its_attributes_and_its_topic_among_others_of_a_burst(
    topics: Topics, cloud_pubsub: Running
) -> None:
    transport: Any = topics._transport
    await transport.create_topic(Topic(name=f"{topics._prefix}other"))
    names = [f"projects/{PROJECT}/subscriptions/{name}" for name in ("inbox", "other-inbox")]
    with grpc.insecure_channel(cloud_pubsub.addresses["grpc"]) as channel:
        inboxes = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
        for name, topic in zip(names, ("trip-generated", "other"), strict=True):
            where = {"name": name, "topic": f"{topics._prefix}{topic}"}
            await asyncio.to_thread(inboxes.create_subscription, request=where)
        await asyncio.gather(
            *(topics.publish("trip-generated", b"%d" % n, {"n": str(n)}) for n in range(20)),
            *(topics.publish("other", b"x", {}) for _ in range(3)),
        )
        found, others = [
            await asyncio.to_thread(inboxes.pull, subscription=name, max_messages=100)
            for name in names
        ]
    messages = [received.message for received in found.received_messages]
    assert {int(message.data): message.attributes["n"] for message in messages} == {
        n: str(n) for n in range(20)
    }
    assert [received.message.data for received in others.received_messages] == [b"x"] * 3
