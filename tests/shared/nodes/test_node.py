"""Distances, ids and the city's own day."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.nodes.city import CityUnknown
from shared.nodes.node import Position, node_id
from tests.builders import a_city, a_node

SPACE_NEEDLE = Position(47.6205, -122.3493)
TOKYO = Position(35.6586, 139.7454)
POSITIONS = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
QUARTER_MERIDIAN_KM = 6371.0088 * 3.141592653589793 / 2


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        (Position(0, 0), Position(1, 0), 111.195),
        (Position(60, 0), Position(60, 1), 55.597),
        (Position(0, 0), Position(90, 0), QUARTER_MERIDIAN_KM),
        (Position(0, 0), Position(0, 180), 2 * QUARTER_MERIDIAN_KM),
        (Position(0, 179.5), Position(0, -179.5), 111.195),
        (Position(51.4775, -0.4614), Position(40.6398, -73.7789), 5540.0),  # LHR to JFK
        (SPACE_NEEDLE, Position(47.6097, -122.3422), 1.314),  # to Pike Place Market
        (SPACE_NEEDLE, SPACE_NEEDLE, 0),
    ],
)
def test_known_distances(here: Position, there: Position, km: float) -> None:
    assert here.km_to(there) == pytest.approx(km, rel=2e-3)


@settings(max_examples=200, deadline=None)
@given(POSITIONS, POSITIONS)
def test_a_way_is_as_long_back_and_never_more_than_half_round(a: Position, b: Position) -> None:
    assert a.km_to(b) == pytest.approx(b.km_to(a), abs=1e-6)
    assert 0 <= a.km_to(b) <= 2 * QUARTER_MERIDIAN_KM + 1e-6


def test_a_sources_place_keeps_its_id_for_ever() -> None:
    # A literal: were it to change, every seeding would double the city.
    assert str(node_id("seattle", "sample:seattle:0001")) == "69c804c5-333d-58ed-b144-dd6bfa0c03c6"


def test_cities_and_sources_have_places_of_their_own() -> None:
    ids = {node_id("seattle", "1"), node_id("seattle", "2"), node_id("tokyo", "1")}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("zone", "at", "today"),
    [
        ("America/Los_Angeles", datetime(2026, 11, 23, 7, 59, tzinfo=UTC), date(2026, 11, 22)),
        ("America/Los_Angeles", datetime(2026, 11, 23, 8, 0, tzinfo=UTC), date(2026, 11, 23)),
        ("America/Los_Angeles", datetime(2026, 7, 1, 7, 0, tzinfo=UTC), date(2026, 7, 1)),
        ("Asia/Tokyo", datetime(2026, 11, 22, 15, 0, tzinfo=UTC), date(2026, 11, 23)),
        ("Pacific/Kiritimati", datetime(2026, 11, 23, 10, 0, tzinfo=UTC), date(2026, 11, 24)),
        ("Pacific/Pago_Pago", datetime(2026, 11, 23, 10, 59, tzinfo=UTC), date(2026, 11, 22)),
        ("UTC", datetime(2026, 11, 23, 23, 59, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_today_is_the_date_on_the_citys_clocks(zone: str, at: datetime, today: date) -> None:
    assert a_city(time_zone=zone).today(at) == today


def test_an_unknown_city_is_named_with_what_to_do() -> None:
    refused = CityUnknown("atlantis")
    assert refused.status == 404
    assert "atlantis has not been seeded" in str(refused)


def test_a_place_that_no_local_speaks_of_has_no_quality() -> None:
    assert a_node(cross_ref_confidence=None).quality == 0
    assert a_node(cross_ref_confidence=0.35).quality == 0.35
