"""Whatever is sent, the answer is a sentence that says what to change, and nothing is written."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from tests.scenarios import rows
from tests.scenarios.conftest import NewTraveller
from tests.scenarios.problems import refused
from tests.scenarios.traveller import Traveller
from workflows.stack import Stack

TRIPS = "/api/v1/trips"
SIGNALS = "/api/v1/signals"
ONBOARDING = "/api/v1/users/me/onboarding"
SEED = "/api/v1/admin/seed-city"
TAKE_A_BODY = [("POST", TRIPS), ("POST", SIGNALS), ("PUT", ONBOARDING), ("POST", SEED)]
EVERY_ROUTE = [
    *TAKE_A_BODY,
    ("GET", f"{TRIPS}/{uuid4()}"),
    ("GET", "/api/v1/users/me/persona"),
]
TOO_LARGE = b'{"city": "' + b"x" * (64 * 1024) + b'"}'


@pytest.fixture
async def person(new_traveller: NewTraveller) -> Traveller:
    """Someone who may call every route."""
    return await new_traveller(admin=True)


@pytest.fixture(autouse=True)
async def nothing_is_written(stack: Stack, database: asyncpg.Connection) -> AsyncIterator[None]:
    """Every test here leaves every table as it found it."""
    for name in ("pubsub", "tasks"):
        await stack.emulator(name).until_idle(60)
    before = await rows.counts(database)
    yield
    await stack.emulator("pubsub").until_idle(60)
    assert await rows.counts(database) == before


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
@pytest.mark.parametrize("body", [b"", b"{", b"days=3", b'{"days": 01}', b"\xff\xfe", b'{"a":NaN}'])
async def test_a_body_that_is_no_json_is_refused_with_400(
    person: Traveller, method: str, path: str, body: bytes
) -> None:
    refused(await person.send(method, path, content=body), 400, "JSON", "send")


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'"seattle"', b"[" * 5000])
async def test_json_that_is_no_object_is_refused_with_400(
    person: Traveller, method: str, path: str, body: bytes
) -> None:
    refused(await person.send(method, path, content=body), 400, "JSON")


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
async def test_a_body_over_64_kb_is_refused_with_413(
    person: Traveller, method: str, path: str
) -> None:
    refused(await person.send(method, path, content=TOO_LARGE), 413, "64 KB", "smaller")


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
async def test_a_chunked_body_over_64_kb_that_names_no_length_is_refused_with_413(
    person: Traveller, method: str, path: str
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(TOO_LARGE), 4096):
            yield TOO_LARGE[start : start + 4096]

    refused(await person.send(method, path, content=chunks()), 413, "64 KB")


@pytest.mark.parametrize(("method", "path"), TAKE_A_BODY)
async def test_an_unknown_field_is_refused_by_its_name(
    person: Traveller, method: str, path: str
) -> None:
    answer = await person.send(method, path, json={"colour": "blue"})
    refused(answer, 422, "colour: is not a field of this route")


@pytest.mark.parametrize("days", [0, 31, -1, 10**9, "3", 3.5, True, None, [3]])
async def test_days_other_than_1_to_30_are_refused(traveller: Traveller, days: Any) -> None:
    problem = refused(await traveller.plan(days=days), 422, "days")
    assert problem["fields"]


async def test_a_date_that_has_passed_in_the_city_is_refused(
    stack: Stack, traveller: Traveller
) -> None:
    today = datetime.fromtimestamp(stack.now(), ZoneInfo("America/Los_Angeles")).date()
    answer = await traveller.plan(start_date=str(today - timedelta(days=1)))
    refused(answer, 422, "has passed in the city", str(today), "choose today or later")


@pytest.mark.parametrize(
    "start",
    ["2026-02-30", "tomorrow", "", "20261223", 1796083200, "1796083200", None, "9999-12-31"],
)
async def test_a_start_that_is_no_date_or_out_of_reach_is_refused(
    traveller: Traveller, start: Any
) -> None:
    refused(await traveller.plan(start_date=start), 422, "start_date")


async def test_a_time_of_day_in_the_start_date_is_refused_and_not_cut_off(
    traveller: Traveller,
) -> None:
    refused(await traveller.plan(start_date=f"{traveller.start}T00:00:00Z"), 422, "start_date")


@pytest.mark.parametrize("city", ["tokyo", "seattle-2"])
async def test_a_city_that_is_not_seeded_is_404_by_its_name(
    traveller: Traveller, city: str
) -> None:
    refused(await traveller.plan(city=city), 404, city)


@pytest.mark.parametrize(
    "city", ["Seattle", "", "../seattle", "sea ttle", "x" * 65, 7, "seattle\0"]
)
async def test_a_city_that_is_no_slug_is_refused(traveller: Traveller, city: Any) -> None:
    refused(await traveller.plan(city=city), 422, "city")


async def test_an_unknown_pace_is_refused_with_those_that_are_known(traveller: Traveller) -> None:
    refused(await traveller.plan(pace="hurried"), 422, "slow", "balanced", "full")


async def test_a_missing_field_is_named(traveller: Traveller) -> None:
    answer = await traveller.send("POST", TRIPS, json={"city": "seattle"})
    refused(answer, 422, "start_date: is required", "days: is required")


@pytest.mark.parametrize(
    "trip_id", ["1", "null", "%00", "00000000-0000-0000-0000-00000000000g", "..%2F..%2Fhealth"]
)
async def test_a_trip_id_that_is_none_is_404(traveller: Traveller, trip_id: str) -> None:
    refused(await traveller.send("GET", f"{TRIPS}/{trip_id}"), 404)


async def test_a_trip_that_does_not_exist_is_404(traveller: Traveller) -> None:
    refused(await traveller.send("GET", f"{TRIPS}/{uuid4()}"), 404, "check the id")


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
