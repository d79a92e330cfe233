"""Cloud Tasks on free ports, spoken to through the official client, and a target to call."""

from collections.abc import AsyncIterator

import grpc
import pytest
from google.cloud.tasks_v2 import CloudTasksAsyncClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport

from emulators import tasks
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget, http_target
from tests.emulators.tasks.names import LOCATION, MIN_BACKOFF_S


@pytest.fixture
async def target() -> AsyncIterator[HttpTarget]:
    """An HTTP endpoint that keeps what it is sent."""
    async with http_target() as listening:
        yield listening


@pytest.fixture
async def emulator(house: House) -> AsyncIterator[dict[str, str]]:
    """A running emulator's addresses."""
    running = await tasks.start(house)
    yield running.addresses
    await running.stop()


@pytest.fixture
async def client(emulator: dict[str, str]) -> AsyncIterator[CloudTasksAsyncClient]:
    """The official client, as callers make it."""
    async with grpc.aio.insecure_channel(emulator["grpc"]) as channel:
        transport = CloudTasksGrpcAsyncIOTransport(channel=channel)
        yield CloudTasksAsyncClient(transport=transport)


@pytest.fixture
async def admin(emulator: dict[str, str]) -> AsyncIterator[AdminClient]:
    """The /_emulator routes."""
    async with AdminClient(emulator["admin"]) as opened:
        yield opened


@pytest.fixture
async def queue(client: CloudTasksAsyncClient) -> str:
    """The name of a queue whose retries wait until a test moves the clock."""
    name = f"{LOCATION}/queues/prewarm"
    config = {"min_backoff": {"seconds": MIN_BACKOFF_S}}
    await client.create_queue({"parent": LOCATION, "queue": {"name": name, "retry_config": config}})
    return name
