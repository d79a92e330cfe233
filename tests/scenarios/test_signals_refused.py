"""A signal that is no answer of this traveller on this trip is refused, and leaves no row."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.scenarios import rows
from tests.scenarios.conftest import NewTraveller
from tests.scenarios.problems import refused
from tests.scenarios.traveller import Traveller, Trip, slots_of


@pytest.mark.parametrize("field", ["slot_id", "ranking_id", "model_version", "weight", "origin"])
async def test_what_the_server_alone_knows_is_refused_from_a_client(
    traveller: Traveller, trip: Trip, field: str
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], **{field: str(uuid4())})
    refused(await traveller.signal(body), 422, field)


@pytest.mark.parametrize(
    "signal_type", ["slot_swap", "pivot_offered", "candidate_set_logged", "slot_love", "", 7]
)
async def test_a_type_that_the_server_alone_writes_or_nobody_knows_is_refused(
    traveller: Traveller, trip: Trip, signal_type: Any
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], signal_type=signal_type)
    refused(await traveller.signal(body), 422, "signal_type")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signal_id", "not-a-uuid"),
        ("signal_id", None),
        ("activity_node_id", 12),
        ("trip_id", ""),
        ("context", {"time_to_action_ms": -1}),
        ("context", {"time_to_action_ms": "fast"}),
        ("context", {"mood": "sunny"}),
        ("context", []),
    ],
)
async def test_a_field_of_another_kind_is_refused_by_its_name(
    traveller: Traveller, trip: Trip, field: str, value: Any
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], **{field: value})
    refused(await traveller.signal(body), 422, field)


async def test_a_signal_on_anothers_trip_is_404_and_leaves_no_row(
    new_traveller: NewTraveller, trip: Trip, database: asyncpg.Connection
) -> None:
    stranger = await new_traveller()
    body = stranger.says(trip, slots_of(trip)[0])
    refused(await stranger.signal(body), 404, "your own trips")
    assert not await rows.signals(database, trip["id"])


async def test_a_signal_on_a_place_that_the_trip_does_not_hold_is_422(
    traveller: Traveller, trip: Trip
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], activity_node_id=str(uuid4()))
    refused(await traveller.signal(body), 422, "one of its slots")
