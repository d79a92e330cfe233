"""The trips and itinerary_slots tables, and the one transaction that a new trip is."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from shared.nodes.node import ActivityNode, Position
from shared.ranking.ladder import Served
from shared.runtime.postgres import Connection, Pool
from shared.runtime.sql import read_queries
from shared.trips.trip import Slot, Trip, TripUnknown

_SQL = read_queries(__file__)


async def insert(connection: Connection, trip: Trip) -> None:
    """Insert the trip and its slots in the caller's transaction."""
    await connection.execute(
        _SQL["insert_trip"],
        trip.id,
        trip.user_id,
        trip.city,
        trip.start_date,
        trip.end_date,
        trip.pace,
        trip.status,
        trip.ranking_id,
        trip.model_version,
        trip.served.rung,
        trip.served.reason,
        dict(trip.validation_report),
        trip.created_at,
    )
    await _insert_slots(connection, trip)


async def _insert_slots(connection: Connection, trip: Trip) -> None:
    slots = trip.slots
    await connection.execute(
        _SQL["insert_slots"],
        [slot.id for slot in slots],
        trip.id,
        trip.ranking_id,
        trip.model_version,
        [slot.day_number for slot in slots],
        [slot.slot_order for slot in slots],
        [slot.day_part for slot in slots],
        [slot.starts_at for slot in slots],
        [slot.ends_at for slot in slots],
        [slot.node.id for slot in slots],
        [slot.narrative for slot in slots],
        [slot.confidence for slot in slots],
        [slot.travel_minutes_from_previous for slot in slots],
        [slot.travel_mode_from_previous for slot in slots],
        [slot.explores for slot in slots],
        [slot.propensity for slot in slots],
    )


async def forget(
    connection: Connection, user_id: str, name_of: Callable[[UUID], str]
) -> dict[UUID, str]:
    """Give each trip of the person a name of its own and the day as its time.

    Returns the trips' cities, by their ids.

    Slots stay as they are: when a plan takes place is the plan, not something the person did.
    """
    rows = await connection.fetch(_SQL["of_person"], user_id)
    cities = {row["id"]: row["city_id"] for row in rows}
    await connection.execute(_SQL["forget"], list(cities), [name_of(trip) for trip in cities])
    return cities


class Trips:
    """The stored trips, each for its own traveller alone."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, trip_id: UUID, user_id: str) -> tuple[Trip, ZoneInfo]:
        """Return the traveller's trip and its city's time zone; raise TripUnknown."""
        row = await self._pool.fetchrow(_SQL["find_trip"], trip_id, user_id)
        if row is None:
            raise TripUnknown(str(trip_id))
        slots = await self._pool.fetch(_SQL["find_slots"], trip_id)
        return _trip(row, slots), ZoneInfo(row["time_zone"])

    async def seen(self, user_id: str, city: str, today: date) -> list[UUID]:
        """Return the city's nodes that the traveller was taken to before, or turned down."""
        rows = await self._pool.fetch(_SQL["seen_nodes"], user_id, city, today)
        return [row["node_id"] for row in rows]


def _trip(row: asyncpg.Record, slots: Sequence[asyncpg.Record]) -> Trip:
    return Trip(
        id=row["id"],
        user_id=row["user_id"],
        city=row["city_id"],
        start_date=row["start_date"],
        end_date=row["end_date"],
        pace=row["pace"],
        status=row["status"],
        ranking_id=row["ranking_id"],
        model_version=row["model_version"],
        served=Served(row["ranker_rung"], row["ranker_reason"]),
        validation_report=row["validation_report"],
        slots=tuple(_slot(slot) for slot in slots),
        created_at=row["created_at"],
    )


def _slot(row: asyncpg.Record) -> Slot:
    node = ActivityNode(
        id=row["node_id"],
        city=row["city_id"],
        name=row["name"],
        category=row["category"],
        position=Position(row["lat"], row["lon"]),
        origin=row["origin"],
        neighbourhood=row["neighbourhood"],
        cuisine=row["cuisine"],
        opening_hours=row["opening_hours"],
        hours_source=row["hours_source"],
        vibe_tags=tuple(row["vibe_tags"]),
        cross_ref_confidence=row["cross_ref_confidence"],
        overrated_flag=row["overrated_flag"],
    )
    return Slot(
        id=row["id"],
        day_number=row["day_number"],
        slot_order=row["slot_order"],
        day_part=row["day_part"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        node=node,
        narrative=row["generated_narrative"],
        confidence=row["confidence"],
        travel_minutes_from_previous=row["travel_minutes_from_previous"],
        travel_mode_from_previous=row["travel_mode_from_previous"],
        explores=row["explores"],
        propensity=row["propensity"],
    )


async def held(connection: Connection, user_id: str) -> AsyncIterator[str]:
    """Yield the person's trips with their slots as JSON text, in the caller's transaction."""
    async for row in connection.cursor(_SQL["held"], user_id, prefetch=5):
        yield row["held"]
