"""What holds after every fault: nothing acknowledged is lost, nothing stored was not sent."""

import asyncio
from collections import Counter
from contextlib import suppress
from uuid import UUID

import asyncpg
import httpx
import orjson

from tests.faults.town import Planned, Told, Town
from workflows.stack import Refused, Stack

LARGEST_SET = 200
PATIENCE_S = 60


async def hold(town: Town, database: asyncpg.Pool) -> None:
    """Waits until nothing is on its way any more, then checks every invariant."""
    await until_idle(town.stack)
    assert not town.odd, [f"{answer.status_code} {answer.text[:300]}" for answer in town.odd]
    await signals_are_stored_once(town, database)
    await trips_have_their_candidate_sets(town, database)
    await a_key_is_one_trip(town, database)
    await nothing_was_given_up(database)
    await trips_can_be_read(town)


async def until_idle(stack: Stack) -> None:
    """Returns once every engine runs again and every delivery was acknowledged."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            engines = (await stack.status())["engines"].values()
            if all(engine["state"] == "running" for engine in engines):
                with suppress(Refused, httpx.TransportError):
                    # Whatever waits for its next try has it now.
                    await stack.emulator("pubsub").advance(60)
                    return await stack.emulator("pubsub").until_idle(5)
            await asyncio.sleep(0.1)


async def signals_are_stored_once(town: Town, database: asyncpg.Pool) -> None:
    """Each acknowledged signal is one row as it was sent; no row is there that was not sent."""
    rows = await database.fetch(
        "SELECT signal_id, user_id, signal_type, activity_node_id, trip_id, slot_id, weight"
        " FROM behavioral_signals WHERE origin = 'app' AND user_id = ANY ($1)",
        [traveller.id for traveller in town.travellers],
    )
    stored = {str(row["signal_id"]): row for row in rows}
    lost = [id for id, told in town.told.items() if told.taken and id not in stored]
    assert not lost, f"{len(lost)} acknowledged signals are no row: {lost[:3]}"
    strange = stored.keys() - town.told.keys()
    assert not strange, f"{len(strange)} rows were never sent: {list(strange)[:3]}"
    for id, row in stored.items():
        assert dict(row) == _expected(id, town.told[id])


async def trips_have_their_candidate_sets(town: Town, database: asyncpg.Pool) -> None:
    """Each trip, also one whose answer was lost, has one candidate set of min(200, eligible)."""
    eligible = await database.fetchval(
        "SELECT count(*) FROM activity_nodes WHERE city_id = 'seattle' AND NOT hidden"
    )
    rows = await database.fetch(
        "SELECT trip.id, array_agg(set.context::text) FILTER (WHERE set.seq IS NOT NULL) AS sets"
        " FROM trips trip LEFT JOIN behavioral_signals set"
        " ON set.trip_id = trip.id AND set.signal_type = 'candidate_set_logged'"
        " WHERE trip.user_id = ANY ($1) GROUP BY trip.id",
        [traveller.id for traveller in town.travellers],
    )
    for row in rows:
        (context,) = row["sets"] or ["{}"]
        candidates = orjson.loads(context).get("full_candidate_set", [])
        assert len(candidates) == min(LARGEST_SET, eligible), f"of trip {row['id']}"
    missing = {planned.trip["id"] for planned in town.planned} - {str(row["id"]) for row in rows}
    assert not missing, f"trips that were answered with 201 are not stored: {missing}"


async def a_key_is_one_trip(town: Town, database: asyncpg.Pool) -> None:
    """All answers under one key are one trip, and its traveller has no more trips than keys."""
    by_key: dict[tuple[str, str], set[str]] = {}
    for planned in town.planned:
        by_key.setdefault((planned.traveller.id, planned.key), set()).add(planned.trip["id"])
    assert all(len(ids) == 1 for ids in by_key.values()), by_key
    keys = Counter(user for user, _ in by_key)
    for user, count in keys.items():
        trips = await database.fetchval("SELECT count(*) FROM trips WHERE user_id = $1", user)
        assert trips == count, f"{user} has {trips} trips under {count} keys"


async def nothing_was_given_up(database: asyncpg.Pool) -> None:
    """No message was parked: each that was sent here can be stored, however often it comes."""
    parked = await database.fetch("SELECT function, reason FROM parked_messages")
    assert not parked, [dict(row) for row in parked[:3]]


async def trips_can_be_read(town: Town) -> None:
    """Each trip that was answered with 201 is read as it was answered."""
    one_each = {planned.trip["id"]: planned for planned in town.planned}
    await asyncio.gather(*(_reads(planned) for planned in one_each.values()))


async def _reads(planned: Planned) -> None:
    answer = await planned.traveller.send("GET", f"/api/v1/trips/{planned.trip['id']}")
    assert answer.status_code == 200, answer.text[:300]
    assert answer.json() == planned.trip


def _expected(id: str, told: Told) -> dict[str, object]:
    return {
        "signal_id": UUID(id),
        "user_id": told.user_id,
        "signal_type": told.body["signal_type"],
        "activity_node_id": UUID(told.body["activity_node_id"]),
        "trip_id": UUID(told.body["trip_id"]),
        "slot_id": UUID(told.slot_id),
        "weight": 1.0,
    }
