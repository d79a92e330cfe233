"""One Idempotency-Key, one effect: whoever repeats a request gets the first answer."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from tests.scenarios import rows
from tests.scenarios.conftest import NewTraveller, forget_cells
from tests.scenarios.problems import refused
from tests.scenarios.routes import SEED, SIGNALS
from tests.scenarios.seeding import Seeding
from tests.scenarios.traveller import Traveller, slots_of
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
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
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


async def test_a_batch_of_signals_sent_again_gets_its_first_answer_with_what_was_refused(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection, key: str
) -> None:
    trip = await traveller.trip()
    good = traveller.says(trip, slots_of(trip)[0])
    body = {"signals": [good, traveller.says(trip, slots_of(trip)[1], trip_id=str(uuid4()))]}
    first, again = [await _signal(traveller, key, body) for _ in range(2)]
    assert first.status_code == again.status_code == 202
    assert again.json() == first.json()
    assert [each["index"] for each in again.json()["refused"]] == [1]
    assert again.headers["Idempotency-Replayed"] == "true"
    refused(await _signal(traveller, key, {"signals": [good]}), 422, "another body")
    await stack.emulator("pubsub").until_idle()
    assert len(await rows.signals(database, trip["id"])) == 1


async def test_a_key_of_a_refused_signal_can_be_used_again(traveller: Traveller, key: str) -> None:
    trip = await traveller.trip()
    good = traveller.says(trip, slots_of(trip)[0])
    refused(await _signal(traveller, key, {**good, "trip_id": str(uuid4())}), 404)
    assert (await _signal(traveller, key, good)).status_code == 202


async def test_a_city_is_seeded_once_for_its_key(
    new_traveller: NewTraveller, seeding: Seeding, key: str
) -> None:
    admin, headers = await new_traveller(admin=True), {"Idempotency-Key": key}
    body = {"city": "seattle", "limit": 100}
    first, again = [await admin.send("POST", SEED, headers, json=body) for _ in range(2)]
    assert first.status_code == again.status_code == 200
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    refused(await admin.send("POST", SEED, headers, json={**body, "limit": 99}), 422, key)


async def _signal(traveller: Traveller, key: str, body: dict[str, Any]) -> httpx.Response:
    return await traveller.send("POST", SIGNALS, {"Idempotency-Key": key}, json=body)


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
