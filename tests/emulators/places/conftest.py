"""The emulator on a free port, spoken to through the official client."""

import datetime
from asyncio import AbstractEventLoop
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import uvloop

from emulators import places
from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.places.maps import KEY, Maps

# A Monday, at noon in Lisbon.
MONDAY_NOON = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=datetime.UTC)


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], AbstractEventLoop]]:
    """The loop that the emulators run on; asyncio's own holds small answers back for 40 ms."""
    return {"uvloop": uvloop.new_event_loop}


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
