"""The emulator on a free port, spoken to through the official clients."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from emulators import jobs
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.jobs.cloud import Cloud
from tests.emulators.jobs.pipe import Pipe


@pytest.fixture
async def url(house: House) -> AsyncIterator[str]:
    """A running emulator."""
    house.options.update({"jobs.grace_s": "0.3", "jobs.retry_s": "0.01"})
    running = await jobs.start(house)
    yield running.addresses["http"]
    await running.stop()


@pytest.fixture
def cloud(url: str) -> Cloud:
    """The official clients."""
    return Cloud(url)


@pytest.fixture
async def admin(url: str) -> AsyncIterator[AdminClient]:
    """The /_emulator routes."""
    async with AdminClient(url) as opened:
        yield opened


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    """What tasks tell the test, as they do."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    opened = Pipe(path)
    yield opened
    opened.close()


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP with a bearer token, as Cloud Tasks calls."""
    headers = {"authorization": "Bearer ya29.of-a-task"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=20, verify=False) as opened:
        yield opened
