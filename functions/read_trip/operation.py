"""Shows a traveller their own trip."""

from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.trips.reply import show_trip
from shared.trips.trip import Trip, TripUnknown


class Trips(Protocol):
    """Where trips are stored."""

    async def find(self, trip_id: UUID, user_id: str) -> tuple[Trip, ZoneInfo]:
        """Return the traveller's trip and its city's time zone; raise TripUnknown."""


async def read(trips: Trips, trip_id: str, user_id: str) -> tuple[dict[str, Any], str]:
    """Return the trip's JSON and the model version that made it.

    Raises TripUnknown also for another traveller's trip and for what is no id.
    """
    try:
        wanted = UUID(trip_id)
    except ValueError as error:
        raise TripUnknown(trip_id) from error
    trip, zone = await trips.find(wanted, user_id)
    return show_trip(trip, zone), trip.model_version
