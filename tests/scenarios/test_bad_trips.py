"""A trip that cannot be is refused with what to change, and nothing is written."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.problems import refused
from tests.scenarios.routes import TRIPS
from tests.scenarios.traveller import Traveller
from workflows.stack import Stack

pytestmark = pytest.mark.usefixtures("nothing_is_written")


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
