"""Pub/Sub through the official clients: our emulator, and Google's own where it is installed.

A test that asks for `cloud` runs against both; one that asks for `ours` says something that
Google's emulator does not do (emulators/README.md lists the differences).
"""

from collections.abc import AsyncIterator, Iterator

import pytest

from emulators import pubsub
from emulators.skeleton.house import House, Running
from tests.emulators.admin_client import AdminClient
from tests.emulators.http_target import HttpTarget, http_target
from tests.emulators.pubsub import google_emulator
from tests.emulators.pubsub.cloud import Cloud, connected


@pytest.fixture
async def target() -> AsyncIterator[HttpTarget]:
    """A push endpoint that keeps what it is sent."""
    async with http_target() as listening:
        yield listening


@pytest.fixture
async def emulator(house: House) -> AsyncIterator[Running]:
    """Our emulator, on the test's own event loop."""
    running = await pubsub.start(house)
    yield running
    await running.stop()


@pytest.fixture
def ours(emulator: Running) -> Iterator[Cloud]:
    """A project at our emulator."""
    with connected(emulator.addresses["grpc"]) as cloud:
        yield cloud


@pytest.fixture
async def admin(emulator: Running) -> AsyncIterator[AdminClient]:
    """Our emulator's /_emulator routes."""
    async with AdminClient(emulator.addresses["admin"]) as opened:
        yield opened


@pytest.fixture(scope="session")
def google_address() -> Iterator[str]:
    """Google's emulator, started once for all tests."""
    jar = google_emulator.find()
    if jar is None:
        pytest.skip(
            "Google's Pub/Sub emulator (gcloud component pubsub-emulator) or java is absent"
        )
    with google_emulator.running(jar) as address:
        yield address


@pytest.fixture(params=["ours", pytest.param("google", marks=pytest.mark.full)])
def cloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """A project at each of the two emulators."""
    if request.param == "ours":
        yield request.getfixturevalue("ours")
        return
    with connected(request.getfixturevalue("google_address")) as at_google:
        yield at_google
