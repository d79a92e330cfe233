"""What is billed: the highest SKU of the mask, once per answered request."""

import datetime

import pytest

from emulators.skeleton.house import House
from tests.emulators.admin_client import AdminClient
from tests.emulators.places.maps import Maps

MONTH = 31 * 24 * 3600


@pytest.mark.parametrize(
    ("mask", "sku"),
    [
        ("places.id,places.name,nextPageToken", "Text Search Essentials (IDs Only)"),
        ("places.attributions,places.movedPlaceId", "Text Search Essentials (IDs Only)"),
        ("places.id,places.photos", "Text Search Pro"),
        ("places.location", "Text Search Pro"),
        ("places.id,places.displayName.text", "Text Search Pro"),
        ("places.businessStatus,searchUri", "Text Search Pro"),
        ("places.displayName,places.rating", "Text Search Enterprise"),
        ("places.regularOpeningHours.periods", "Text Search Enterprise"),
        ("places.user_rating_count", "Text Search Enterprise"),
        ("places.rating,places.editorialSummary", "Text Search Enterprise + Atmosphere"),
        ("places.servesCoffee", "Text Search Enterprise + Atmosphere"),
        ("places", "Text Search Enterprise + Atmosphere"),
        ("*", "Text Search Enterprise + Atmosphere"),
    ],
)
async def test_a_text_search_is_billed_by_its_dearest_field(
    maps: Maps, admin: AdminClient, mask: str, sku: str
) -> None:
    answer = await maps.post("searchText", {"textQuery": "Lisbon"}, mask)
    assert answer.status_code == 200
    assert (await admin.state())["skus"] == {f"Places API {sku}": 1}


@pytest.mark.parametrize(
    ("mask", "sku"),
    [
        ("id,photos,movedPlace", "Place Details Essentials (IDs Only)"),
        ("id,location,formattedAddress", "Place Details Essentials"),
        ("location,displayName", "Place Details Pro"),
        ("displayName,websiteUri,priceLevel", "Place Details Enterprise"),
        ("id,reviews", "Place Details Enterprise + Atmosphere"),
        ("*", "Place Details Enterprise + Atmosphere"),
    ],
)
async def test_details_are_billed_by_their_dearest_field(
    maps: Maps, admin: AdminClient, mask: str, sku: str
) -> None:
    [place] = await maps.text("Lisbon")
    await admin.reset()
    await maps.get(place.id, mask)
    assert (await admin.state())["skus"] == {f"Places API {sku}": 1}


@pytest.mark.parametrize(
    ("mask", "sku"),
    [
        ("places.id", "Nearby Search Pro"),
        ("places.id,places.rating", "Nearby Search Enterprise"),
        ("places.outdoorSeating", "Nearby Search Enterprise + Atmosphere"),
    ],
)
async def test_a_nearby_search_is_pro_even_for_ids(
    maps: Maps, admin: AdminClient, mask: str, sku: str
) -> None:
    await maps.nearby((38.71, -9.14), mask=mask)
    assert (await admin.state())["skus"] == {f"Places API {sku}": 1}


async def test_every_page_and_every_empty_answer_is_a_request(
    maps: Maps, admin: AdminClient
) -> None:
    await maps.pages(textQuery="restaurants in Lisbon")
    await maps.text("Atlantis", "places.id")
    assert (await admin.state())["skus"] == {"Places API Text Search Essentials (IDs Only)": 4}


async def test_a_refused_or_failed_request_costs_nothing(maps: Maps, admin: AdminClient) -> None:
    await maps.post("searchText", {"textQuery": ""})
    await maps.post("searchText", {"textQuery": "Lisbon"}, "places.foo")
    await maps.post("searchText", {"textQuery": "Lisbon"}, key=None)
    await admin.faults(fail_next=1, status=429)
    await maps.post("searchText", {"textQuery": "Lisbon"})
    assert (await admin.state())["skus"] == {}


async def test_a_month_ends_at_midnight_pacific_time(
    maps: Maps, admin: AdminClient, house: House
) -> None:
    for day in ("2027-04-01T06:59:00+00:00", "2027-04-01T07:00:00+00:00"):
        house.clock.set(datetime.datetime.fromisoformat(day).timestamp())
        await maps.text("Lisbon")
    assert list((await admin.state())["months"]) == ["2027-03", "2027-04"]


async def test_a_new_month_starts_a_new_count_and_a_reset_forgets_all(
    maps: Maps, admin: AdminClient
) -> None:
    await maps.text("Lisbon")
    await admin.advance(MONTH)
    await maps.text("Lisbon")
    await maps.text("Kyoto")
    state = await admin.state()
    sku = "Places API Text Search Pro"
    assert state["months"] == {"2027-03": {sku: 1}, "2027-04": {sku: 2}}
    assert state["skus"] == {sku: 3}
    await admin.reset()
    state = await admin.state()
    assert (state["skus"], state["months"]) == ({}, {})
