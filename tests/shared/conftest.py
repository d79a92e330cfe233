"""Clients of the stack's Redis and Qdrant, out of the way of what the functions keep there."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from redis.asyncio import Redis

from shared.nodes.qdrant import NodeIndex
from shared.runtime.redis import open_redis
from shared.runtime.settings import Settings
from workflows.stack import Stack

_OWN_DATABASE = 5
_SPACES = count(9000)


@pytest.fixture
async def own_redis(stack: Stack) -> AsyncIterator[Redis]:
    """An empty Redis, as a function opens it."""
    server = stack.addresses.redis_url.rsplit("/", 1)[0]
    client = open_redis(Settings({"REDIS_URL": f"{server}/{_OWN_DATABASE}"}))
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
async def node_index(stack: Stack) -> AsyncIterator[NodeIndex]:
    """The index of nodes over the stack's Qdrant."""
    index = NodeIndex(Settings({"QDRANT_URL": stack.addresses.qdrant_url}))
    yield index
    await index._client.close()


@pytest.fixture
def space() -> int:
    """A vector space that no other test fills."""
    return next(_SPACES)
