"""One stack for all faults, whose functions reach every engine through a link that can fail."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from tests.faults.links import LINKS, targets
from tests.faults.proxy import Proxies
from tests.faults.town import Town
from tests.scenarios.cloud import Prewarming
from tests.scenarios.seeding import send
from workflows.stack import Stack

PLACES = 230
"""Enough that a trip has 200 candidates, and a third of the time that the whole city takes."""


@pytest.fixture(scope="session")
def proxies() -> Iterator[Proxies]:
    """A link for every engine; nothing is wrong with any."""
    with Proxies(LINKS) as running:
        yield running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, proxies: Proxies) -> Iterator[Stack]:
    """A stack of its own: what goes wrong here is felt in no other test."""
    options = ["anthropic.ttft_s=0.05"]
    running = Stack(tmp_path_factory.mktemp("faults"), options=options, through=proxies.doors)
    running.start()
    proxies.lead(targets(running.addresses))
    seeded = asyncio.run(send(running, {"city": "seattle", "limit": PLACES}))
    assert seeded.is_success, seeded.text
    # Cells are made for the trips of the tests alone.
    queue = Prewarming(running.addresses.emulators["tasks"]["grpc"])
    asyncio.run(queue.pause())
    queue.close()
    yield running
    running.stop()


@pytest.fixture
async def gateway(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the gateway."""
    async with stack.client() as client:
        yield client


@pytest.fixture
async def database(stack: Stack) -> AsyncIterator[asyncpg.Pool]:
    """A pool of our own to Postgres, past every link; it outlives a server that is killed."""
    async with asyncpg.create_pool(stack.database_url, min_size=0, max_size=4) as pool:
        yield pool


@pytest.fixture
async def cold_cells(stack: Stack) -> None:
    """No cell is in the cache."""
    async with Redis.from_url(stack.addresses.redis_url) as redis:
        await redis.flushdb()


@pytest.fixture
async def town(stack: Stack, proxies: Proxies, gateway: httpx.AsyncClient) -> AsyncIterator[Town]:
    """Makes travellers, and remembers what each was promised; what a test broke is healed after."""
    yield Town(stack, gateway)
    proxies.heal()
