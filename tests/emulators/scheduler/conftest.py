"""Cloud Scheduler on free ports, spoken to through the official client, and a target to call."""

import datetime
from collections.abc import AsyncIterator

import grpc
import pytest
from google.cloud.scheduler_v1 import CloudSchedulerAsyncClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcAsyncIOTransport,
)

from emulators import scheduler
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget, http_target
from tests.emulators.scheduler.jobs import START, Jobs


@pytest.fixture
async def target() -> AsyncIterator[HttpTarget]:
    """An HTTP endpoint that keeps what it is sent."""
    async with http_target() as listening:
        yield listening


@pytest.fixture
async def emulator(house: House) -> AsyncIterator[dict[str, str]]:
    """A running emulator's addresses; its clock starts at START."""
    house.clock.set(datetime.datetime.fromisoformat(START).timestamp())
    running = await scheduler.start(house)
    yield running.addresses
    await running.stop()


@pytest.fixture
async def admin(emulator: dict[str, str]) -> AsyncIterator[AdminClient]:
    """The /_emulator routes."""
    async with AdminClient(emulator["admin"]) as opened:
        yield opened


@pytest.fixture
async def client(emulator: dict[str, str]) -> AsyncIterator[CloudSchedulerAsyncClient]:
    """The official client, as callers make it."""
    async with grpc.aio.insecure_channel(emulator["grpc"]) as channel:
        transport = CloudSchedulerGrpcAsyncIOTransport(channel=channel)
        yield CloudSchedulerAsyncClient(transport=transport)


@pytest.fixture
def jobs(client: CloudSchedulerAsyncClient, target: HttpTarget) -> Jobs:
    """Makes jobs that call the target."""
    return Jobs(client, target.url)
