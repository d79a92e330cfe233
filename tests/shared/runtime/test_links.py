"""Clients whose link to an engine fails: they say so in time, and are whole again afterwards."""

import asyncio
from collections.abc import Iterator
from time import monotonic
from urllib.parse import urlsplit

import pytest
import uvloop

from shared.runtime.postgres import FAILURES, open_pool
from shared.runtime.redis import open_redis
from shared.runtime.settings import Settings
from tests.faults.proxy import Proxies
from workflows.stack import Stack


@pytest.fixture
def link() -> Iterator[Proxies]:
    """One link, which a test leads somewhere."""
    with Proxies(["engine"]) as proxies:
        yield proxies


def through(link: Proxies, url: str) -> str:
    """The URL with the link in the place of its host."""
    target = urlsplit(url).netloc.rpartition("@")[2]
    link.lead({"engine": target})
    return url.replace(target, link.doors["engine"])


def test_a_redis_connection_that_was_reset_is_opened_anew_under_the_loop_of_production(
    stack: Stack, link: Proxies
) -> None:
    settings = Settings({"REDIS_URL": through(link, stack.addresses.redis_url)})

    async def ask_after_a_reset() -> None:
        async with open_redis(settings) as redis:
            await redis.ping()
            link.reset("engine")
            pipeline = redis.pipeline(transaction=False)
            assert await pipeline.exists("nothing").execute() == [0]

    uvloop.run(ask_after_a_reset())


def test_a_pool_whose_server_fell_silent_lets_its_caller_go_and_is_whole_again_after_it(
    database_url: str, link: Proxies
) -> None:
    settings = Settings({"DATABASE_URL": through(link, database_url)})

    async def ask_into_silence() -> None:
        pool = await open_pool(settings, size=1)
        link.swallow("engine")
        began = monotonic()
        with pytest.raises(FAILURES):
            async with asyncio.timeout(0.2):
                await pool.fetchval("SELECT 1")
        assert monotonic() - began < 3
        link.heal()
        async with asyncio.timeout(2):
            assert await pool.fetchval("SELECT 2") == 2
        await pool.close()

    uvloop.run(ask_into_silence())


async def test_a_pool_that_cannot_connect_says_so_within_four_seconds(
    database_url: str, link: Proxies
) -> None:
    url = through(link, database_url)
    link.swallow("engine")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(4) as cap:
            await open_pool(Settings({"DATABASE_URL": url}))
    assert not cap.expired()


async def test_a_transaction_whose_process_vanished_is_ended_by_the_server(
    database_url: str,
) -> None:
    async with await open_pool(Settings({"DATABASE_URL": database_url})) as pool:
        assert await pool.fetchval("SHOW idle_in_transaction_session_timeout") == "1min"
