"""A trip is shown to its traveller alone; for anyone else there is none."""

from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from functions.read_trip.operation import read
from shared.trips.reply import show_trip
from shared.trips.trip import Trip, TripUnknown
from tests.builders import a_city, a_trip, an_id


class MemoryTrips:
    def __init__(self, *trips: Trip) -> None:
        self._trips = {(trip.id, trip.user_id): trip for trip in trips}

    async def find(self, trip_id: UUID, user_id: str) -> tuple[Trip, ZoneInfo]:
        trip = self._trips.get((trip_id, user_id))
        if trip is None:
            raise TripUnknown(str(trip_id))
        return trip, a_city().zone


TRIP = a_trip(user_id="hers")


async def test_a_trip_reads_as_it_was_answered_when_it_was_made() -> None:
    body, model_version = await read(MemoryTrips(TRIP), str(TRIP.id), "hers")
    assert body == show_trip(TRIP, a_city().zone)
    assert model_version == TRIP.model_version


async def test_another_travellers_trip_and_no_trip_are_told_alike() -> None:
    with pytest.raises(TripUnknown) as anothers:
        await read(MemoryTrips(TRIP), str(TRIP.id), "his")
    with pytest.raises(TripUnknown) as nobodys:
        await read(MemoryTrips(), str(TRIP.id), "his")
    assert str(anothers.value) == str(nobodys.value)
    assert anothers.value.status == 404


@pytest.mark.parametrize(
    "word", ["", "trips", "../etc/passwd", "0" * 5000, "\u0000", str(an_id(1))]
)
async def test_what_is_no_id_of_a_trip_is_unknown_and_never_echoed_at_length(word: str) -> None:
    with pytest.raises(TripUnknown) as refused:
        await read(MemoryTrips(TRIP), word, "hers")
    assert len(str(refused.value)) < 150
