"""The invented world: honest, the same for a seed, and on dry land."""

from collections import Counter
from pathlib import Path

import pytest
from google.maps.places_v1 import Place

from emulators import places
from emulators.places.cities import all_cities
from emulators.places.kinds import searchable_types
from emulators.skeleton.house import House
from tests.emulators.places.maps import Maps, rectangle, running

CITIES = {city.slug: city for city in all_cities()}
SAMPLES = Path(places.__file__).parents[1] / "sources" / "data"


@pytest.fixture(scope="module")
def kept() -> dict[str, list[Place]]:
    """All places of a city, asked for once."""
    return {}


@pytest.fixture
async def lisbon(maps: Maps, kept: dict[str, list[Place]]) -> list[Place]:
    """All there is in Lisbon."""
    if not kept:
        view = CITIES["lisbon"].viewport
        kept["lisbon"] = await maps.everything("sample in Lisbon", view.low, view.high)
    return kept["lisbon"]


def test_the_world_holds_no_city_that_is_bundled_as_a_sample() -> None:
    bundled = {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()}
    assert not bundled & CITIES.keys()


async def test_every_place_says_that_it_is_a_sample_and_where_it_comes_from(
    lisbon: list[Place],
) -> None:
    assert len(lisbon) > 300
    for place in lisbon:
        assert place.display_name.text.startswith("Sample ")
        assert "invented sample" in place.editorial_summary.text
        assert place.website_uri.endswith(".lisbon.example/")
        assert [one.provider for one in place.attributions] == [
            "Invented sample data of an emulator"
        ]
        assert place.google_maps_uri.startswith("https://maps.google.com/?q=38.")


async def test_every_place_lies_inside_its_city_and_its_types_can_be_searched(
    maps: Maps, lisbon: list[Place]
) -> None:
    [city] = await maps.text("Lisbon", "places.viewport")
    low, high = city.viewport.low, city.viewport.high
    for place in lisbon:
        assert low.latitude <= place.location.latitude <= high.latitude
        assert low.longitude <= place.location.longitude <= high.longitude
        assert place.types[0] == place.primary_type
        assert place.primary_type in searchable_types()


@pytest.mark.parametrize(
    ("query", "water"),
    [
        ("Lisbon", rectangle((38.6913, -9.1700), (38.7030, -9.1000))),  # the Tagus
        ("Lisbon", rectangle((38.7000, -9.1200), (38.7200, -9.0900))),
        ("Portland", rectangle((45.5080, -122.6725), (45.5250, -122.6660))),  # the Willamette
        ("Kyoto", rectangle((35.0000, 135.7705), (35.0130, 135.7725))),  # the Kamo
    ],
)
async def test_no_place_lies_in_the_river(maps: Maps, query: str, water: dict[str, object]) -> None:
    for kind in ("sample", "restaurant", "park", "bar", "attraction"):
        text = f"{kind} in {query}"
        assert await maps.text(text, location_restriction=water) == []


async def test_a_city_has_the_mix_of_a_city(lisbon: list[Place]) -> None:
    kinds = Counter(kind for place in lisbon for kind in place.types)
    assert kinds["restaurant"] > 60
    assert kinds["cafe"] > 40
    for kind in ("museum", "park", "bar", "market", "tourist_attraction", "book_store"):
        assert kinds[kind] >= 5


async def test_ratings_prices_and_hours_are_plausible_and_sometimes_missing(
    lisbon: list[Place],
) -> None:
    rated = [place for place in lisbon if place.rating]
    assert 0 < len(lisbon) - len(rated) < len(lisbon) / 10
    assert all(3 <= place.rating <= 5 and place.user_rating_count >= 1 for place in rated)
    assert 4.1 < sum(place.rating for place in rated) / len(rated) < 4.5
    museums = [place for place in lisbon if place.primary_type == "museum"]
    assert not any(place.price_level for place in museums)
    assert any(not place.regular_opening_hours.periods for place in lisbon)


async def test_some_places_are_closed_for_now_or_for_good(lisbon: list[Place]) -> None:
    statuses = Counter(place.business_status.name for place in lisbon)
    assert statuses["CLOSED_TEMPORARILY"] > 3
    assert statuses["CLOSED_PERMANENTLY"] > 3
    assert statuses["OPERATIONAL"] > 0.85 * len(lisbon)
    for place in lisbon:
        if place.business_status.name != "OPERATIONAL":
            assert not place.regular_opening_hours.open_now
            assert not place.current_opening_hours.periods


async def test_the_same_seed_makes_the_same_world_and_another_one_another(
    maps: Maps, house: House
) -> None:
    here = await maps.text("museums in Lisbon", "*")
    async with running(house, seed="1") as same:
        assert await same.text("museums in Lisbon", "*") == here
    async with running(house, seed="2") as other:
        there = await other.text("museums in Lisbon", "*")
    assert {place.display_name.text for place in there} == {
        place.display_name.text for place in here
    }
    assert not {place.id for place in there} & {place.id for place in here}
    assert not {str(place.location) for place in there} & {str(place.location) for place in here}


async def test_what_is_closed_for_now_is_never_open_now(maps: Maps, lisbon: list[Place]) -> None:
    closed = [
        place
        for place in lisbon
        if place.business_status.name == "CLOSED_TEMPORARILY"
        and place.regular_opening_hours.periods
    ]
    assert len(closed) > 2
    for place in closed:
        name = f"{place.display_name.text}, Lisbon"
        assert place.id in [found.id for found in await maps.text(name)]
        assert place.id not in [found.id for found in await maps.text(name, open_now=True)]


async def test_offsets_follow_daylight_saving(maps: Maps, house: House) -> None:
    [winter] = await maps.text("Lisbon", "places.utcOffsetMinutes,places.timeZone")
    house.clock.advance(120 * 24 * 3600)
    [summer] = await maps.text("Lisbon", "places.utcOffsetMinutes")
    assert (winter.utc_offset_minutes, summer.utc_offset_minutes) == (0, 60)
    assert winter.time_zone.id == "Europe/Lisbon"
