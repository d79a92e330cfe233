"""The emulator on a free port, spoken to through the official client."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient

from emulators import anthropic as emulated
from emulators.skeleton.clock import Clock
from emulators.skeleton.house import House
from emulators.skeleton.identity import Identity
from tests.emulators.admin_client import AdminClient


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """One key for all tests: this emulator signs nothing, and reading a key is slow."""
    return Identity(tmp_path_factory.mktemp("identity"), Clock())


@pytest.fixture
def house(tmp_path: Path, identity: Identity) -> House:
    """A House on free ports."""
    return House(tmp_path, Clock(), identity)


@pytest.fixture
async def url(house: House) -> AsyncIterator[str]:
    """A running emulator's base URL."""
    running = await emulated.start(house)
    yield running.addresses["http"]
    await running.stop()


@pytest.fixture
async def client(url: str) -> AsyncIterator[AsyncAnthropic]:
    """The official client, as callers make it, without its retries."""
    # Plain HTTP: loading certificates would cost each test more than the test itself.
    http = DefaultAsyncHttpxClient(verify=False)
    async with AsyncAnthropic(
        base_url=url, api_key="any-key", max_retries=0, http_client=http
    ) as opened:
        yield opened


@pytest.fixture
async def admin(url: str) -> AsyncIterator[AdminClient]:
    """The /_emulator routes."""
    async with AdminClient(url) as opened:
        yield opened
