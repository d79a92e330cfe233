"""Field masks: required, applied at any depth, and strict."""

import pytest
from google.api_core.exceptions import BadRequest

from tests.emulators.places.maps import KEY, Maps

BODY = {"textQuery": "Sample Museum 1 Lisbon", "pageSize": 1}


async def test_without_a_mask_every_call_is_refused_in_the_services_words(maps: Maps) -> None:
    wanted = (
        "FieldMask is a required parameter. See https://cloud.google.com/apis/docs/"
        "system-parameters on how to provide it. As an example, you can set the header "
        "'X-Goog-FieldMask' to value"
    )
    [place] = await maps.text("Lisbon")
    for call in (
        lambda: maps.text("Lisbon", None),
        lambda: maps.nearby((38.7, -9.1), mask=None),
        lambda: maps.get(place.id, None),
    ):
        with pytest.raises(BadRequest) as refused:
            await call()
        assert refused.value.message.split(": ", 1)[1].startswith(wanted)


async def test_an_answer_holds_what_the_mask_names_and_nothing_else(maps: Maps) -> None:
    mask = "places.id,places.displayName.text,places.location.latitude"
    [place] = (await maps.post("searchText", BODY, mask)).json()["places"]
    assert place.keys() == {"id", "displayName", "location"}
    assert place["displayName"] == {"text": "Sample Museum 1"}
    assert place["location"].keys() == {"latitude"}


@pytest.mark.parametrize("mask", ["*", "places", "places.*", "places.id,places.*"])
async def test_a_star_or_a_whole_message_asks_for_all_of_it(maps: Maps, mask: str) -> None:
    [place] = (await maps.post("searchText", BODY, mask)).json()["places"]
    assert {"id", "displayName", "location", "editorialSummary"} <= place.keys()


async def test_a_mask_may_say_snake_case_and_come_by_query(maps: Maps) -> None:
    [place] = (await maps.post("searchText", BODY, "places.display_name")).json()["places"]
    assert place.keys() == {"displayName"}
    for name in ("fields", "$fields"):
        query = {name: "id,types", "key": KEY}
        [found] = await maps.text("Lisbon")
        answer = await maps.http.get(f"/v1/places/{found.id}", params=query)
        assert answer.json().keys() == {"id", "types"}


@pytest.mark.parametrize(
    "path",
    [
        "places.foo",
        "displayName",
        "places.displayName.foo",
        "places.id.text",
        " places.id",
        "places.*.id",
        "places..id",
        "",
    ],
)
async def test_a_path_that_names_no_field_is_refused_by_name(maps: Maps, path: str) -> None:
    code, status, message = await maps.error("searchText", BODY, f"places.types,{path}")
    assert (code, status) == (400, "INVALID_ARGUMENT")
    assert message == (
        f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    )


async def test_details_take_paths_without_the_prefix_of_searches(maps: Maps) -> None:
    [found] = await maps.text("Lisbon")
    with pytest.raises(BadRequest, match=r"path 'places\.id'"):
        await maps.get(found.id, "places.id")


async def test_a_field_without_a_value_is_absent(maps: Maps) -> None:
    [place] = (await maps.post("searchText", BODY, "places.id,places.reviews")).json()["places"]
    assert place.keys() == {"id"}


@pytest.mark.parametrize("field", ["routingSummaries", "contextualContents"])
async def test_what_is_never_filled_in_is_refused_by_name(maps: Maps, field: str) -> None:
    assert await maps.error("searchText", BODY, field) == (
        501,
        "UNIMPLEMENTED",
        f"{field} is not supported by this emulator.",
    )
