"""One stack with the sample city for all scenarios; each test brings travellers of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from uuid import uuid4

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

from tests.scenarios import rows
from tests.scenarios.cloud import Prewarming
from tests.scenarios.seeding import Seeding, seed
from tests.scenarios.traveller import Traveller, Trip
from workflows.stack import Stack

NewTraveller = Callable[..., Awaitable[Traveller]]


@pytest.fixture(scope="session")
def seeding(stack: Stack) -> Seeding:
    """What the administrator was answered: a hundred places first, then the whole city."""
    return asyncio.run(seed(stack))


@pytest.fixture
async def gateway(stack: Stack, seeding: Seeding) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the gateway of the seeded stack; it presents no token."""
    async with stack.client() as client:
        yield client


@pytest.fixture
def new_traveller(stack: Stack, gateway: httpx.AsyncClient) -> NewTraveller:
    """Makes travellers that nobody has seen before."""

    async def make(*, admin: bool = False) -> Traveller:
        user_id = f"traveller-{uuid4().hex}"
        token = await stack.token(user_id, admin=admin)
        return Traveller.of(user_id, token, gateway, stack.now())

    return make


@pytest.fixture
async def traveller(new_traveller: NewTraveller) -> Traveller:
    """A traveller who has told nothing yet."""
    return await new_traveller()


@pytest.fixture
async def person(new_traveller: NewTraveller) -> Traveller:
    """Someone who may call every route."""
    return await new_traveller(admin=True)


@pytest.fixture
async def trip(traveller: Traveller) -> Trip:
    """Three days in Seattle, planned for the traveller."""
    return await traveller.trip()


@pytest.fixture
async def database(stack: Stack, seeding: Seeding) -> AsyncIterator[asyncpg.Connection]:
    """A connection of our own to the stack's Postgres."""
    connection = await asyncpg.connect(stack.database_url)
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads
    )
    yield connection
    await connection.close()


@pytest.fixture
async def nothing_is_written(stack: Stack, database: asyncpg.Connection) -> AsyncIterator[None]:
    """The test leaves every table as it found it."""
    await stack.emulator("pubsub").until_idle(60)
    before = await rows.counts(database)
    yield
    await stack.emulator("pubsub").until_idle(60)
    assert await rows.counts(database) == before


@pytest.fixture
async def redis(stack: Stack) -> AsyncIterator[Redis]:
    """A client of our own of the stack's Redis; it waits for one that is being restarted."""
    patience = Retry(ConstantBackoff(0.05), 200)
    url = stack.addresses.redis_url
    client = Redis.from_url(url, decode_responses=True, retry=patience)
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def prewarming(stack: Stack) -> Iterator[Prewarming]:
    """The prewarm queue, through the official client."""
    queue = Prewarming(stack.addresses.emulators["tasks"]["grpc"])
    yield queue
    queue.close()


@pytest.fixture
async def cold_cells(stack: Stack, redis: Redis, prewarming: Prewarming) -> AsyncIterator[None]:
    """No cell is in the cache, and none is pre-warmed while the test runs."""
    await prewarming.pause()
    await stack.emulator("tasks").until_idle(60)
    await prewarming.purge()
    await forget_cells(redis)
    yield
    await stack.emulator("anthropic").faults()
    await prewarming.purge()
    await prewarming.resume()


async def forget_cells(redis: Redis) -> None:
    """Empties the cache of cells, sentences and flights."""
    keys = [key async for key in redis.scan_iter(count=1000)]
    if keys:
        await redis.delete(*keys)
