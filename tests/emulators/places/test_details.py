"""GetPlace: the same facts as the search, by id."""

import pytest
from google.api_core.exceptions import BadRequest, NotFound

from tests.emulators.places.maps import KEY, Maps


async def test_details_are_what_the_search_showed(maps: Maps) -> None:
    found = await maps.text("restaurants in Kyoto", "*")
    for place in found[:3]:
        assert await maps.get(place.id, "*") == place


async def test_a_city_and_a_quarter_have_details_too(maps: Maps) -> None:
    for text in ("Kyoto", "Gion, Kyoto"):
        [region] = await maps.text(text, "*")
        assert await maps.get(region.id, "*") == region


async def test_details_speak_the_language_and_know_the_country_asked_from(maps: Maps) -> None:
    [lisbon] = await maps.text("Lisbon")
    mask = "displayName,formattedAddress"
    place = await maps.get(lisbon.id, mask, language_code="ja", region_code="US")
    assert (place.display_name.text, place.formatted_address) == (
        "リスボン",
        "リスボン, ポルトガル",
    )


async def test_an_id_that_names_nothing_any_more_is_not_found(maps: Maps) -> None:
    with pytest.raises(NotFound, match=r"Please refresh cached Place IDs as per https://dev"):
        await maps.get("ChIJsampleAAAAAAAAAAAAAAAAA")


async def test_a_text_that_is_no_id_is_refused(maps: Maps) -> None:
    with pytest.raises(BadRequest, match="Not a valid Place ID: Lisbon"):
        await maps.get("Lisbon")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"languageCode": "!"}, "language_code"),
        ({"regionCode": "PRT"}, "region_code"),
        ({"sessionToken": "a b"}, "session_token"),
        ({"language": "pt"}, 'Unknown name "language": Cannot bind query parameter'),
    ],
)
async def test_a_query_that_cannot_be_is_refused_by_name(
    maps: Maps, query: dict[str, str], named: str
) -> None:
    [lisbon] = await maps.text("Lisbon")
    answer = await maps.http.get(
        f"/v1/places/{lisbon.id}", params={**query, "key": KEY, "fields": "id"}
    )
    assert answer.status_code == 400
    assert named in answer.json()["error"]["message"]
