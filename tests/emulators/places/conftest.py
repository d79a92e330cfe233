"""The emulator on a free port, spoken to through the official client."""

import datetime
from collections.abc import AsyncIterator

import pytest

from emulators import places
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.places.maps import KEY, Maps

# A Monday, at noon in Lisbon.
MONDAY_NOON = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
async def url(house: House) -> AsyncIterator[str]:
    """A running emulator."""
    house.options["places.key"] = KEY
    house.clock.set(MONDAY_NOON.timestamp())
    running = await places.start(house)
    yield running.addresses["http"]
    await running.stop()


@pytest.fixture
async def maps(url: str) -> AsyncIterator[Maps]:
    """The official client."""
    client = Maps(url)
    yield client
    await client.http.aclose()


@pytest.fixture
async def admin(url: str) -> AsyncIterator[AdminClient]:
    """The /_emulator routes."""
    async with AdminClient(url) as opened:
        yield opened
