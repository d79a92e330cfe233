"""A person leaves, over HTTP, and no store of the whole stack knows them any more."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import orjson
import pytest
from redis.asyncio import Redis

from tests.functions.forget_user.scan import spells
from tests.scenarios import rows, stores
from tests.scenarios.cloud import Inbox, publish, run_job
from tests.scenarios.conftest import NewTraveller
from tests.scenarios.problems import refused
from tests.scenarios.routes import EVERY_ROUTE
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.stack import Stack

ME = "/api/v1/users/me"
EXPORT = f"{ME}/export"


@pytest.fixture
async def settled(stack: Stack, traveller: Traveller) -> list[Trip]:
    """Two trips with answers, a persona, and nothing on its way any more."""
    await traveller.onboard(food=["ramen", "matchbox cafes"], pace="slow")
    trips = [await traveller.trip(days=days) for days in (1, 2)]
    for trip in trips:
        for slot in slots_of(trip)[:2]:
            assert (await traveller.signal(traveller.says(trip, slot))).status_code == 202
    await stack.emulator("pubsub").until_idle(60)
    return trips


async def test_the_receipt_says_what_was_erased_and_every_route_refuses_the_old_token(
    traveller: Traveller, settled: list[Trip]
) -> None:
    answer = await traveller.send("DELETE", ME)
    assert (answer.status_code, answer.headers["X-Model-Version"]) == (200, "none")
    receipt = answer.json()
    assert receipt["erased"]["trips"] == 2
    assert receipt["erased"]["signals"] == 2 + 4
    assert receipt["erased"]["users"] == 1
    left_on = datetime.fromisoformat(receipt["left_on"])
    rewritten = datetime.fromisoformat(receipt["training_files_rewritten_by"])
    assert rewritten == left_on + timedelta(days=8)
    for method, path in [*EVERY_ROUTE, ("DELETE", ME), ("GET", EXPORT)]:
        refused(await traveller.send(method, path, json={}), 410, "deleted", "sign up anew")


async def test_no_store_names_the_person_any_more(
    stack: Stack,
    traveller: Traveller,
    settled: list[Trip],
    redis: Redis,
) -> None:
    late = traveller.says(settled[0], slots_of(settled[0])[0])
    async with Inbox(stack, "traveller-left") as inbox:
        assert (await traveller.send("DELETE", ME)).status_code == 200
        await run_job(stack, "relay-outbox")
        assert {"user_id": traveller.id} in await inbox.messages()
    await publish(stack, "signals", _late_message(traveller, late))
    await stack.emulator("pubsub").until_idle(60)

    assert not [text for text in await stores.in_postgres(stack) if spells(text, traveller.id)]
    assert not [text for text in await stores.in_redis(redis) if traveller.id in text]
    assert not [text for text in await stores.in_qdrant(stack) if traveller.id in text]
    assert not [text for text in await stores.in_storage(stack) if traveller.id in text]
    assert await stores.undelivered(stack, "signals") == 0
    assert await stores.undelivered(stack, "signals-dead") == 0
    assert traveller.id not in await stores.in_logs(stack)


async def test_a_signal_published_before_and_delivered_after_meets_the_tombstone(
    stack: Stack, traveller: Traveller, settled: list[Trip], database: asyncpg.Connection
) -> None:
    body = traveller.says(settled[0], slots_of(settled[0])[0])
    assert (await traveller.send("DELETE", ME)).status_code == 200
    before = await rows.counts(database)
    await publish(stack, "signals", _late_message(traveller, body))
    assert await rows.counts(database) == before


async def test_of_two_calls_at_once_one_gets_the_receipt(
    traveller: Traveller, settled: list[Trip]
) -> None:
    answers = await asyncio.gather(*(traveller.send("DELETE", ME) for _ in range(4)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 410: 3}


async def test_what_is_trained_on_stays(
    traveller: Traveller, settled: list[Trip], database: asyncpg.Connection
) -> None:
    pairs = (
        "SELECT ranking_id, activity_node_id, signal_type, weight FROM behavioral_signals"
        " WHERE trip_id = ANY ($1::uuid[]) ORDER BY 1, 2, 3, 4"
    )
    ids = [trip["id"] for trip in settled]
    before = await database.fetch(pairs, ids)
    assert (await traveller.send("DELETE", ME)).status_code == 200
    assert await database.fetch(pairs, ids) == before
    for trip_id in ids:
        logged = await rows.candidate_set(database, trip_id)
        assert len(logged["full_candidate_set"]) == 200


async def test_people_take_all_that_is_held_about_them_along(
    traveller: Traveller, settled: list[Trip], new_traveller: NewTraveller
) -> None:
    other = await new_traveller()
    await other.trip()
    answer = await traveller.send("GET", EXPORT)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    document = answer.json()
    assert {trip["id"] for trip in document["trips"]} == {trip["id"] for trip in settled}
    assert len(document["rankings"]) == 2
    assert len(document["signals"]) == 4
    assert document["profile"][0]["onboarding_tags"]["food"] == ["ramen", "matchbox cafes"]
    assert other.id not in answer.text


def _late_message(traveller: Traveller, body: dict[str, object]) -> bytes:
    taken = datetime.now(UTC).isoformat()
    signal = {
        **{name: body[name] for name in ("signal_type", "activity_node_id", "trip_id", "context")},
        "signal_id": str(uuid4()),
        "user_id": traveller.id,
        "origin": "app",
        "slot_id": None,
        "ranking_id": None,
        "model_version": None,
        "occurred_at": taken,
        "created_at": taken,
    }
    return orjson.dumps({"signals": [signal]})
