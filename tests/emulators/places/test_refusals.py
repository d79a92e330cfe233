"""Requests that cannot be answered: keys, values, names, calls."""

from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, Forbidden

from tests.emulators.places.maps import Maps, circle_around, rectangle

AROUND = {"circle": circle_around((38.71, -9.14), 500.0)}
BOX = rectangle((38.70, -9.15), (38.72, -9.13))


async def test_a_call_without_a_key_is_forbidden_and_a_wrong_key_is_not_valid(
    url: str,
) -> None:
    for key, kind, text in (
        ("", Forbidden, "Method doesn't allow unregistered callers"),
        ("another", BadRequest, "API key not valid. Please pass a valid API key."),
    ):
        maps = Maps(url, key)
        with pytest.raises(kind, match=text):
            await maps.text("Lisbon")
        with pytest.raises(kind, match=text):
            await maps.nearby((38.7, -9.1))
        with pytest.raises(kind, match=text):
            await maps.get("ChIJ" + "A" * 23)
        await maps.http.aclose()


async def test_a_wrong_key_says_so_by_its_reason(maps: Maps) -> None:
    answer = await maps.post("searchText", {"textQuery": "Lisbon"}, key="another")
    [detail] = answer.json()["error"]["details"]
    assert (detail["reason"], detail["metadata"]) == (
        "API_KEY_INVALID",
        {"service": "places.googleapis.com"},
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Empty text_query.\n"),
        ({"textQuery": "  "}, "Empty text_query.\n"),
        ({"textQuery": 7}, "Invalid value at 'text_query' (TYPE_STRING), 7"),
        ({"query": "x"}, 'Unknown name "query": Cannot find field.'),
        ({"locationBias": {"square": {}}}, "Unknown name \"square\" at 'location_bias'"),
        ({"locationBias": AROUND, "locationRestriction": BOX}, "Only one of location_bias"),
        ({"locationBias": {}}, "location_bias"),
        ({"locationBias": {**AROUND, **BOX}}, "location_bias"),
        ({"locationRestriction": AROUND}, "Unknown name \"circle\" at 'location_restriction'"),
        ({"locationBias": {"circle": circle_around((91, 0), 1)}}, "center.latitude"),
        ({"locationBias": {"circle": circle_around((0, 181), 1)}}, "center.longitude"),
        ({"locationBias": {"circle": circle_around((0, 0), 50_001)}}, "circle.radius"),
        ({"locationBias": {"circle": circle_around((0, 0), -1)}}, "circle.radius"),
        ({"locationBias": {"circle": {"radius": 3}}}, "circle.center"),
        ({"locationRestriction": {"rectangle": {"low": {}}}}, "rectangle"),
        ({"locationRestriction": rectangle((5, 0), (4, 1))}, "is empty"),
        ({"locationRestriction": rectangle((0, -100), (1, 100))}, "wider than 180"),
        ({"includedType": "cafés"}, "Unsupported types: cafés."),
        ({"includedType": ["cafe"]}, "included_type"),
        ({"minRating": 5.1}, "min_rating"),
        ({"minRating": "NaN"}, "min_rating"),
        ({"priceLevels": ["PRICE_LEVEL_FREE"]}, "PRICE_LEVEL_FREE is not allowed"),
        ({"priceLevels": ["CHEAP"]}, "price_levels"),
        ({"priceLevels": 2}, "price_levels"),
        ({"rankPreference": "POPULARITY"}, "rank_preference"),
        ({"pageSize": -1}, "page_size"),
        ({"pageSize": 2.5}, "Invalid value at 'page_size' (TYPE_INT32), 2.5"),
        ({"pageSize": True}, "page_size"),
        ({"openNow": "yes"}, "Invalid value at 'open_now' (TYPE_BOOL), \"yes\""),
        ({"languageCode": "english please"}, "language_code"),
        ({"regionCode": "USA"}, "region_code"),
    ],
)
async def test_a_text_search_that_cannot_be_is_refused_with_its_field(
    maps: Maps, body: dict[str, Any], message: str
) -> None:
    plain = {} if "textQuery" in body or not body else {"textQuery": "cafe"}
    code, status, text = await maps.error("searchText", {**plain, **body})
    assert (code, status) == (400, "INVALID_ARGUMENT")
    assert message in text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"locationRestriction": None}, "location_restriction must be set"),
        ({"locationRestriction": BOX}, "Unknown name \"rectangle\" at 'location_restriction'"),
        (
            {"locationRestriction": {"circle": circle_around((38.7, -9.1), 0)}},
            "location_restriction.circle.radius must be greater than 0",
        ),
        ({"maxResultCount": 21}, "max_result_count must be between 1 and 20"),
        ({"maxResultCount": -1}, "max_result_count"),
        ({"includedTypes": ["cafe", "pub", "kiosk", "booth"]}, "Unsupported types: kiosk, booth."),
        ({"includedTypes": ["cafe"] * 51}, "At most 50 types"),
        ({"includedTypes": ["cafe"], "excludedTypes": ["cafe"]}, "Conflicting types"),
        (
            {"includedPrimaryTypes": ["cafe"], "excludedPrimaryTypes": ["cafe"]},
            "Conflicting types",
        ),
        ({"rankPreference": "RELEVANCE"}, "rank_preference"),
        ({"pageSize": 5}, 'Unknown name "pageSize"'),
        ({"includedType": "cafe"}, 'Unknown name "includedType"'),
    ],
)
async def test_a_nearby_search_that_cannot_be_is_refused_with_its_field(
    maps: Maps, body: dict[str, Any], message: str
) -> None:
    code, status, text = await maps.error("searchNearby", {"locationRestriction": AROUND, **body})
    assert (code, status) == (400, "INVALID_ARGUMENT")
    assert message in text


async def test_numbers_as_text_and_enums_as_numbers_are_understood(maps: Maps) -> None:
    body = {"text_query": "cafe in Lisbon", "page_size": "3", "priceLevels": [2], "minRating": "3"}
    answer = await maps.post("searchText", body, "places.priceLevel")
    assert [place["priceLevel"] for place in answer.json()["places"]] == [
        "PRICE_LEVEL_INEXPENSIVE"
    ] * 3


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'"x"',
        b"\xff",
        b"[" * 100_000,
        b'{"textQuery": "Lisbon \\ud800"}',
        b'{"textQuery": "x", "minRating": 1e999}',
    ],
)
async def test_a_malformed_body_is_a_clients_error_never_a_crash(
    maps: Maps, content: bytes
) -> None:
    headers = {"x-goog-api-key": "a-sample-key", "x-goog-fieldmask": "*"}
    answer = await maps.http.post("/v1/places:searchText", content=content, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


async def test_a_body_that_is_too_large_is_refused(maps: Maps) -> None:
    code, _, message = await maps.error("searchText", {"textQuery": "x" * 1_048_577})
    assert (code, message) == (400, "Request payload size exceeds the limit: 1048576 bytes.")


@pytest.mark.parametrize(
    ("verb", "path", "body", "named"),
    [
        ("POST", "/v1/places:autocomplete", {"input": "Lis"}, "AutocompletePlaces"),
        ("GET", "/v1/places/a/photos/b/media", None, "GetPhotoMedia"),
        ("GET", "/v1/places", None, "GET /v1/places"),
        ("DELETE", "/v1/places/a", None, "DELETE /v1/places/a"),
        ("POST", "/v1/places:searchText", {"textQuery": "x", "evOptions": {}}, "ev_options"),
        (
            "POST",
            "/v1/places:searchText",
            {"textQuery": "x", "routingParameters": {}},
            "routing_parameters",
        ),
    ],
)
async def test_what_is_not_carried_out_is_refused_by_name(
    maps: Maps, verb: str, path: str, body: Any, named: str
) -> None:
    headers = {"x-goog-api-key": "a-sample-key", "x-goog-fieldmask": "*"}
    answer = await maps.http.request(verb, path, json=body, headers=headers)
    assert answer.status_code == 501
    message = answer.json()["error"]["message"]
    assert message == f"{named} is not supported by this emulator."
