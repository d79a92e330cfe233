"""One Idempotency-Key, one trip: whoever repeats a request gets the first answer."""

import asyncio
from collections import Counter
from uuid import uuid4

import asyncpg
import pytest
from redis.asyncio import Redis

from tests.scenarios.conftest import NewTraveller, forget_cells
from tests.scenarios.problems import refused
from tests.scenarios.traveller import Traveller
from workflows.stack import Stack


@pytest.fixture
def key() -> str:
    return str(uuid4())


async def test_a_repeated_request_is_answered_with_the_same_trip(
    traveller: Traveller, database: asyncpg.Connection, key: str
) -> None:
    first, again = await traveller.plan(key=key), await traveller.plan(key=key)
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["X-Model-Version"] == first.headers["X-Model-Version"]
    assert await _trips(database, traveller) == 1


async def test_without_a_key_each_request_is_a_trip_of_its_own(
    traveller: Traveller, database: asyncpg.Connection
) -> None:
    await traveller.trip()
    await traveller.trip()
    assert await _trips(database, traveller) == 2


async def test_the_key_with_another_body_is_refused_with_422(
    traveller: Traveller, database: asyncpg.Connection, key: str
) -> None:
    await traveller.plan(key=key)
    refused(await traveller.plan(key=key, days=4), 422, key, "another body", "new key")
    assert await _trips(database, traveller) == 1


async def test_ten_requests_at_once_with_one_key_make_one_trip(
    traveller: Traveller, database: asyncpg.Connection, key: str
) -> None:
    answers = await asyncio.gather(*(traveller.plan(key=key) for _ in range(10)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses.keys() <= {201, 409}
    assert statuses[201] >= 1
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    for answer in answers:
        if answer.status_code == 409:
            refused(answer, 409, "still being worked on", "send it again")
    assert await _trips(database, traveller) == 1


async def test_two_travellers_may_use_the_same_key(new_traveller: NewTraveller, key: str) -> None:
    first, second = await new_traveller(), await new_traveller()
    one, other = await first.plan(key=key), await second.plan(key=key)
    assert one.json()["id"] != other.json()["id"]


async def test_a_key_of_a_refused_request_can_be_used_again(traveller: Traveller, key: str) -> None:
    refused(await traveller.plan(key=key, city="tokyo"), 404)
    assert (await traveller.plan(key=key)).status_code == 201


@pytest.mark.parametrize("malformed", ["", "two words", "x" * 256, "tab\there"])
async def test_a_malformed_key_is_refused_with_400(traveller: Traveller, malformed: str) -> None:
    refused(await traveller.plan(key=malformed), 400, "Idempotency-Key of 1 to 255")


async def test_a_trip_whose_process_was_killed_can_be_asked_for_again_with_its_key(
    stack: Stack,
    traveller: Traveller,
    database: asyncpg.Connection,
    redis: Redis,
    key: str,
    cold_cells: None,
) -> None:
    await traveller.trip()
    await stack.emulator("anthropic").faults(mode="silence", next=1000)
    waiting = asyncio.create_task(traveller.plan(key=key, days=30))
    await _until_claimed(database, key)
    await stack.functions.kill("generate_trip")
    assert (await waiting).status_code == 502
    await stack.emulator("anthropic").faults()
    await forget_cells(redis)
    refused(await traveller.plan(key=key, days=30), 409)
    await stack.emulator("tasks").advance(20)
    assert (await traveller.plan(key=key, days=30)).status_code == 201
    assert await _trips(database, traveller) == 2


async def _until_claimed(database: asyncpg.Connection, key: str) -> None:
    claimed = 0
    async with asyncio.timeout(10):
        while not claimed:
            claimed = await database.fetchval(
                "SELECT count(*) FROM idempotency_keys WHERE key = $1", key
            )


async def _trips(database: asyncpg.Connection, traveller: Traveller) -> int:
    count: int = await database.fetchval(
        "SELECT count(*) FROM trips WHERE user_id = $1", traveller.id
    )
    return count
