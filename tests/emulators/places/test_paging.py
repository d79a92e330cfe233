"""Pages of a text search."""

from itertools import chain

from tests.emulators.places.maps import Maps


async def test_a_search_ends_after_three_pages_of_twenty(maps: Maps) -> None:
    pages = await maps.pages(textQuery="restaurants in Lisbon")
    assert [len(page) for page in pages] == [20, 20, 20]
    assert len({place["id"] for place in chain(*pages)}) == 60


async def test_a_page_is_as_large_as_asked_and_never_above_twenty(maps: Maps) -> None:
    assert [len(page) for page in await maps.pages(textQuery="museum in Kyoto", pageSize=7)] == [
        7,
        7,
        2,
    ]
    first = await maps.post("searchText", {"textQuery": "cafes in Lisbon", "pageSize": 50})
    assert len(first.json()["places"]) == 20
    both = {"textQuery": "cafes in Lisbon", "pageSize": 3, "maxResultCount": 9}
    assert len((await maps.post("searchText", both)).json()["places"]) == 3


async def test_pages_in_order_are_the_whole_list_in_order(maps: Maps) -> None:
    whole = await maps.pages(textQuery="bars in Portland")
    small = await maps.pages(textQuery="bars in Portland", pageSize=4)
    assert list(chain(*small)) == list(chain(*whole))


async def test_the_token_comes_only_when_the_mask_asks_for_it(maps: Maps) -> None:
    body = {"textQuery": "restaurants in Lisbon"}
    assert set((await maps.post("searchText", body, "places.id")).json()) == {"places"}
    assert "nextPageToken" in (await maps.post("searchText", body, "nextPageToken")).json()


async def test_a_token_belongs_to_the_search_that_gave_it(maps: Maps) -> None:
    body = {"textQuery": "restaurants in Lisbon", "languageCode": "pt"}
    token = (await maps.post("searchText", body)).json()["nextPageToken"]
    second = await maps.post("searchText", {**body, "pageToken": token, "pageSize": 5})
    assert len(second.json()["places"]) == 5
    _, status, message = await maps.error(
        "searchText", {"textQuery": "bars in Lisbon", "languageCode": "pt", "pageToken": token}
    )
    assert status == "INVALID_ARGUMENT"
    assert message == (
        "Request parameters for paging requests must match the initial SearchText request."
    )


async def test_a_token_alone_is_no_request(maps: Maps) -> None:
    code, _, message = await maps.error("searchText", {"pageToken": "AAAA"})
    assert code == 400
    assert message.startswith("Empty text_query.\n")


async def test_a_token_that_nobody_gave_is_refused(maps: Maps) -> None:
    for token in ("AAAA", "ü", "=" * 40, "A" * 4000):
        body = {"textQuery": "bars in Lisbon", "pageToken": token}
        assert (await maps.error("searchText", body))[0] == 400
