"""SearchText: what a text finds, and what narrows it."""

import pytest
from google.maps.places_v1 import Place, PriceLevel

from emulators.places.cities import City, all_cities
from tests.emulators.places.maps import Maps, circle_around, rectangle

CHIADO = (38.7108, -9.1425)
LISBON = rectangle((38.6913, -9.2298), (38.7959, -9.0863))


def names(found: list[Place]) -> list[str]:
    return [place.display_name.text for place in found]


@pytest.mark.parametrize(
    ("text", "city", "country", "middle"),
    [
        ("Lisbon", "Lisbon", "PT", (38.72, -9.14)),
        ("lisboa, Portugal", "Lisbon", "PT", (38.72, -9.14)),
        ("City of Lisbon", "Lisbon", "PT", (38.72, -9.14)),
        ("Portland, OR, USA", "Portland", "US", (45.52, -122.68)),
        ("Kyoto, Japan", "Kyoto", "JP", (35.01, 135.77)),
        ("京都", "Kyoto", "JP", (35.01, 135.77)),
    ],
)
async def test_the_name_of_a_city_finds_the_city_with_its_bounds(
    maps: Maps, text: str, city: str, country: str, middle: tuple[float, float]
) -> None:
    [found] = await maps.text(text, "*")
    assert (found.display_name.text, found.primary_type) == (city, "locality")
    assert list(found.types) == ["locality", "political"]
    assert (found.location.latitude, found.location.longitude) == pytest.approx(middle, abs=0.01)
    low, high = found.viewport.low, found.viewport.high
    assert low.latitude < found.location.latitude < high.latitude
    assert low.longitude < found.location.longitude < high.longitude
    countries = [part for part in found.address_components if "country" in part.types]
    assert [part.short_text for part in countries] == [country]


@pytest.mark.parametrize(
    "text",
    ["Atlantis", "restaurants in Atlantis", "Portland, Maine", "Lisbon, Ohio", "hotels in Kyoto"],
)
async def test_what_there_is_not_finds_nothing(maps: Maps, text: str) -> None:
    assert (await maps.post("searchText", {"textQuery": text})).json() == {}


@pytest.mark.parametrize("city", all_cities(), ids=lambda city: city.slug)
async def test_a_quarter_alone_finds_the_quarter(maps: Maps, city: City) -> None:
    for quarter in city.quarters:
        text = f"{quarter.name}, {city.names['en']}"
        [found] = await maps.text(text, "places.displayName,places.types")
        assert found.display_name.text == quarter.name
        assert list(found.types) == ["neighborhood", "political"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("restaurants in Lisbon", "restaurant"),
        ("best museums in Kyoto", "museum"),
        ("things to do in Portland", "tourist_attraction"),
        ("places to visit in Lisbon", "tourist_attraction"),
        ("coffee shops in Portland", "coffee_shop"),
        ("bakery near Gion, Kyoto", "bakery"),
    ],
)
async def test_a_category_finds_places_of_that_kind_in_that_city(
    maps: Maps, text: str, kind: str
) -> None:
    found = await maps.text(text, "places.types,places.formattedAddress")
    assert found
    assert all(kind in place.types for place in found)
    city = next(city for city in ("Lisbon", "Portland", "Kyoto") if city in text)
    assert all(f"{city}," in place.formatted_address for place in found)


async def test_a_name_finds_that_place_first(maps: Maps) -> None:
    for number in range(1, 13):
        found = await maps.text(f"sample cafe {number}, Kyoto")
        assert names(found)[0] == f"Sample Café {number}"


async def test_results_are_the_same_every_time(maps: Maps) -> None:
    first = await maps.text("bars in Kyoto", "*")
    assert await maps.text("bars in Kyoto", "*") == first


async def test_a_restriction_keeps_everything_outside_out(maps: Maps) -> None:
    area = rectangle((38.705, -9.150), (38.716, -9.135))
    mask = "places.location"
    inside = await maps.text("restaurant", mask, location_restriction=area)
    assert len(inside) > 0
    for place in inside:
        assert 38.705 <= place.location.latitude <= 38.716
        assert -9.150 <= place.location.longitude <= -9.135
    assert await maps.text("bars in Kyoto", mask, location_restriction=LISBON) == []


async def test_a_bias_puts_the_near_first_and_still_shows_the_far(maps: Maps) -> None:
    bias = {"circle": circle_around(CHIADO, 300.0)}
    found = await maps.text("cafe", "places.location", location_bias=bias)
    away = [abs(place.location.latitude - CHIADO[0]) for place in found]
    assert max(away[:5]) < 0.006 < max(away)
    elsewhere = {"circle": circle_around((47.61, -122.33), 5000.0)}
    assert await maps.text("cafe", location_bias=elsewhere) == []
    # A city in the text wins over the bias.
    assert await maps.text("cafe in Kyoto", location_bias=bias)


async def test_results_can_be_ranked_by_distance(maps: Maps) -> None:
    bias = {"circle": circle_around(CHIADO, 100.0)}
    found = await maps.text(
        "restaurant", "places.location", location_bias=bias, rank_preference="DISTANCE"
    )
    away = [
        (place.location.latitude - CHIADO[0]) ** 2
        + ((place.location.longitude - CHIADO[1]) * 0.7803) ** 2
        for place in found
    ]
    assert len(away) == 20
    assert away == sorted(away)


async def test_a_rating_below_the_least_is_left_out_rounded_up_to_halves(maps: Maps) -> None:
    found = await maps.text("restaurant in Lisbon", "places.rating", min_rating=4.1)
    assert found
    assert min(place.rating for place in found) >= 4.5


async def test_only_the_price_levels_asked_for_come_back(maps: Maps) -> None:
    wanted = [PriceLevel.PRICE_LEVEL_INEXPENSIVE, PriceLevel.PRICE_LEVEL_EXPENSIVE]
    found = await maps.text("restaurant in Lisbon", "places.priceLevel", price_levels=wanted)
    assert {place.price_level for place in found} == set(wanted)


async def test_a_type_filters_categories_and_names_only_when_strict(maps: Maps) -> None:
    found = await maps.text("food in Lisbon", "places.types", included_type="bakery")
    assert found
    assert all("bakery" in place.types for place in found)
    name = "Sample Café 12 Lisbon"
    assert "Sample Café 12" in names(await maps.text(name, included_type="bakery"))
    strict = await maps.text(name, included_type="bakery", strict_type_filtering=True)
    assert strict == []
    # A city is no establishment: type filters do not apply to it.
    assert len(await maps.text("Lisbon", included_type="bakery", strict_type_filtering=True)) == 1


async def test_a_result_is_shown_in_the_language_asked_for_where_there_is_one(maps: Maps) -> None:
    mask = "places.displayName,places.formattedAddress"
    [found] = await maps.text("Lisbon", mask, language_code="pt-BR")
    assert (found.display_name.text, found.display_name.language_code) == ("Lisboa", "pt")
    [other] = await maps.text("Lisbon", mask, language_code="fi", region_code="pt")
    assert (other.display_name.text, other.formatted_address) == ("Lisbon", "Lisbon")
