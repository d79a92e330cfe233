import json
from pathlib import Path

import httpx
import pytest

from emulators import sources
from emulators.skeleton.house import House
from tests.emulators.sources.tiny_town import CITY, VENUES


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("city.json", CITY, "application/json"),
        ("venues.ndjson", VENUES, "application/x-ndjson"),
    ],
)
async def test_a_file_comes_as_it_lies_there(
    http: httpx.AsyncClient, name: str, content: bytes, kind: str
) -> None:
    found = await http.get(f"/samples/tiny-town/{name}")
    assert (found.status_code, found.content, found.headers["content-type"]) == (200, content, kind)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}'])
async def test_an_unchanged_file_is_not_sent_again(http: httpx.AsyncClient, form: str) -> None:
    path = "/samples/tiny-town/venues.ndjson"
    etag = (await http.get(path)).headers["etag"]
    again = await http.get(path, headers={"if-none-match": form.format(etag)})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


async def test_a_changed_file_is_sent_with_another_tag(
    http: httpx.AsyncClient, cities: Path
) -> None:
    path = "/samples/tiny-town/venues.ndjson"
    etag = (await http.get(path)).headers["etag"]
    (cities / "tiny-town" / "venues.ndjson").write_bytes(b'{"name": "Three"}\n')
    again = await http.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.json()) == (200, {"name": "Three"})
    assert again.headers["etag"] != etag


@pytest.mark.parametrize(
    "city", ["atlantis", "..", "%2e%2e", "Tiny-Town", "tiny-town%2f..", "a" * 99]
)
async def test_an_unknown_city_is_a_problem_that_names_the_known_ones(
    http: httpx.AsyncClient, city: str
) -> None:
    found = await http.get(f"/samples/{city}/city.json")
    assert found.status_code == 404
    assert found.headers["content-type"] == "application/problem+json"
    assert b"secret" not in found.content
    assert found.json()["status"] == 404


async def test_the_problem_of_an_unknown_city_says_what_to_ask_for(http: httpx.AsyncClient) -> None:
    assert (await http.get("/samples/atlantis/city.json")).json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no sample city 'atlantis'. The sample cities are: tiny-town.",
    }


@pytest.mark.parametrize("name", ["posts.ndjson", "..", "secrets.txt"])
async def test_a_file_that_is_not_there_is_a_problem(http: httpx.AsyncClient, name: str) -> None:
    assert (await http.get(f"/samples/tiny-town/{name}")).status_code == 404


async def test_only_reading_is_served(http: httpx.AsyncClient) -> None:
    found = await http.post("/samples/tiny-town/city.json")
    assert (found.status_code, found.json()["title"]) == (405, "Method Not Allowed")


async def test_the_state_counts_calls_by_file_and_names_the_cities(http: httpx.AsyncClient) -> None:
    await http.get("/samples/tiny-town/city.json")
    await http.get("/samples/tiny-town/x1")
    await http.get("/samples/tiny-town/x2")
    state = (await http.get("/_emulator/state")).json()
    assert state["calls"] == {
        "GET /samples/{city}/city.json": 1,
        "GET /samples/{city}/{file}": 2,
    }
    assert state["cities"] == ["tiny-town"]


async def test_an_injected_fault_is_a_problem(http: httpx.AsyncClient) -> None:
    await http.post("/_emulator/faults", json={"fail_next": 1, "status": 503})
    failed = await http.get("/samples/tiny-town/city.json")
    assert (failed.status_code, failed.json()["title"]) == (503, "Service Unavailable")
    assert (await http.get("/samples/tiny-town/city.json")).status_code == 200


async def test_the_bundled_city_is_served_by_default(house: House) -> None:
    running = await sources.start(house)
    async with httpx.AsyncClient(base_url=running.addresses["http"]) as http:
        city = (await http.get("/samples/seattle/city.json")).json()
        venues = (await http.get("/samples/seattle/venues.ndjson")).text.splitlines()
    await running.stop()
    assert city["slug"] == "seattle"
    assert all(json.loads(venue)["name"] for venue in venues)
