"""Who may not call, or calls what is not there, is told so, and nothing is written."""

from typing import Any

import httpx
import pytest

from tests.scenarios.problems import refused
from tests.scenarios.routes import EVERY_ROUTE, ONBOARDING, SEED, SIGNALS, TRIPS
from tests.scenarios.traveller import Traveller

pytestmark = pytest.mark.usefixtures("nothing_is_written")


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"food": "ramen"},
        {"food": ["<script>"]},
        {"food": [""]},
        {"food": ["x" * 41]},
        {"food": ["ramen"] * 21},
        {f"topic {number}": [] for number in range(13)},
        [],
        None,
    ],
)
async def test_tags_that_are_no_lists_of_labels_are_refused(
    traveller: Traveller, tags: Any
) -> None:
    refused(await traveller.send("PUT", ONBOARDING, json={"tags": tags}), 422, "tags")


@pytest.mark.parametrize(("method", "path"), EVERY_ROUTE)
async def test_without_a_token_every_route_is_401_and_says_what_to_send(
    gateway: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await gateway.request(method, path, json={} if method != "GET" else None)
    refused(answer, 401, "Sign in", "Authorization: Bearer")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_traveller_may_not_call_the_admin_route(traveller: Traveller) -> None:
    answer = await traveller.send("POST", SEED, json={"city": "seattle"})
    refused(answer, 403, "administrator")


@pytest.mark.parametrize(
    "body",
    [
        {"city": "seattle", "limit": 0},
        {"city": "seattle", "limit": "ten"},
        {"city": "seattle", "source": "the web"},
    ],
)
async def test_a_seeding_out_of_bounds_is_refused(person: Traveller, body: dict[str, Any]) -> None:
    refused(await person.send("POST", SEED, json=body), 422)


async def test_a_city_that_the_source_does_not_know_cannot_be_seeded(person: Traveller) -> None:
    refused(await person.send("POST", SEED, json={"city": "atlantis"}), 404, "atlantis")


async def test_a_path_that_nothing_answers_is_404_from_the_gateway(traveller: Traveller) -> None:
    refused(await traveller.send("GET", "/api/v1/tripz"), 404, "/api/v1/tripz")


@pytest.mark.parametrize(("method", "path"), [("GET", SIGNALS), ("DELETE", TRIPS)])
async def test_a_method_that_a_path_does_not_take_is_405_and_names_those_it_takes(
    traveller: Traveller, method: str, path: str
) -> None:
    answer = await traveller.send(method, path)
    refused(answer, 405, "use POST")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/store-signal", "/store_signal", "/prewarm-combo", "/relay-outbox", "/_stack/status"]
)
async def test_background_functions_are_not_reachable_through_the_gateway(
    traveller: Traveller, path: str
) -> None:
    refused(await traveller.send("POST", path, json={}), 404)
