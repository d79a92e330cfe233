"""The emulator on a free port, spoken to through the official client."""

from collections.abc import AsyncIterator

import pytest
from anthropic import AsyncAnthropic

from emulators import anthropic as emulated
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient


@pytest.fixture
async def url(house: House) -> AsyncIterator[str]:
    """A running emulator's base URL."""
    running = await emulated.start(house)
    yield running.addresses["http"]
    await running.stop()


@pytest.fixture
async def client(url: str) -> AsyncIterator[AsyncAnthropic]:
    """The official client, as callers make it, without its retries."""
    async with AsyncAnthropic(base_url=url, api_key="any-key", max_retries=0) as opened:
        yield opened


@pytest.fixture
async def admin(url: str) -> AsyncIterator[AdminClient]:
    """The /_emulator routes."""
    async with AdminClient(url) as opened:
        yield opened
