"""A signal that is no answer of this traveller on this trip is refused, and leaves no row."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.scenarios import rows
from tests.scenarios.conftest import NewTraveller
from tests.scenarios.problems import refused
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.stack import Stack


@pytest.mark.parametrize("field", ["ranking_id", "model_version", "weight", "origin"])
async def test_what_the_server_alone_knows_is_refused_from_a_client(
    traveller: Traveller, trip: Trip, field: str
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], **{field: str(uuid4())})
    refused(await traveller.signal(body), 422, field)


@pytest.mark.parametrize(
    ("signal_type", "says"),
    [
        ("slot_swap", "slot_swap is written by the server alone"),
        ("pivot_offered", "pivot_offered is written by the server alone"),
        ("candidate_set_logged", "candidate_set_logged is written by the server alone"),
        ("slot_love", "'slot_love' is not known"),
        ("", "'' is not known"),
        (7, "signal_type: "),
    ],
)
async def test_a_type_that_the_server_alone_writes_or_nobody_knows_is_refused(
    traveller: Traveller, trip: Trip, signal_type: Any, says: str
) -> None:
    body = traveller.says(trip, slots_of(trip)[0], signal_type=signal_type)
    refused(await traveller.signal(body), 422, "signal_type", says)


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(3600, "set the device's clock"), (-31 * 86_400, "is taken")],
    ids=["in an hour", "31 days ago"],
)
async def test_a_signal_from_another_time_is_refused(
    stack: Stack, traveller: Traveller, trip: Trip, seconds: int, says: str
) -> None:
    moment = datetime.fromtimestamp(stack.now() + seconds, UTC).isoformat()
    body = traveller.says(trip, slots_of(trip)[0], occurred_at=moment)
    refused(await traveller.signal(body), 422, "occurred_at", says)


async def test_a_slot_that_holds_another_place_is_refused(traveller: Traveller, trip: Trip) -> None:
    first, second = slots_of(trip)[:2]
    body = traveller.says(trip, first, slot_id=second["id"])
    refused(await traveller.signal(body), 422, second["id"], "does not hold")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signal_id", "not-a-uuid"),
        ("signal_id", None),
        ("activity_node_id", 12),
        ("trip_id", ""),
        ("slot_id", "first"),
        ("occurred_at", "2026-11-23T12:00:00"),
        ("occurred_at", 1764000000),
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
