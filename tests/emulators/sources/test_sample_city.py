"""The bundled city holds real places that a traveller can be sent to."""

import math
import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from opening_hours import OpeningHours

from emulators.sources.samples import BUNDLED
from shared.nodes.taxonomy import CATEGORIES, DAY_PARTS, Interest
from tests.emulators.sources.seattle import LOCAL, Line, city, landmarks, posts, spot, venues

MONDAY = datetime(2026, 7, 6)  # noqa: DTZ001 - opening hours are local times without a zone
HOURS_OF = {"morning": range(9, 12), "afternoon": range(13, 17), "evening": range(18, 21)}
FIELDS = {
    *("source_ref", "name", "lat", "lon", "category", "neighbourhood"),
    *("hours", "hours_source", "landmark"),
}


def opens(venue: Line, day: int, part: str) -> bool:
    """Whether a visit can start in that part of the day, at a full hour."""
    hours = OpeningHours(venue["hours"])
    return any(hours.is_open(MONDAY + timedelta(days=day, hours=hour)) for hour in HOURS_OF[part])


def test_there_are_over_three_hundred_venues_and_their_refs_are_unique() -> None:
    refs = [venue["source_ref"] for venue in venues()]
    assert len(refs) >= 300
    assert len(set(refs)) == len(refs)
    assert all(re.fullmatch(r"sample:seattle:\d{4}", ref) for ref in refs)


def test_name_and_neighbourhood_together_name_one_venue() -> None:
    assert max(Counter(map(spot, venues())).values()) == 1


def test_no_place_stands_twice() -> None:
    def metres(one: Line, other: Line) -> float:
        east = math.radians(one["lon"] - other["lon"]) * math.cos(math.radians(one["lat"]))
        return 6_371_000 * math.hypot(math.radians(one["lat"] - other["lat"]), east)

    same_name = (pair for pair in combinations(venues(), 2) if pair[0]["name"] == pair[1]["name"])
    assert all(metres(*pair) > 500 for pair in same_name)


def test_every_venue_has_the_described_fields_and_no_other() -> None:
    for venue in venues():
        assert set(venue) - {"cuisine"} == FIELDS, venue["name"]
        assert venue["hours_source"] == "typical"
        assert venue["name"] == venue["name"].strip() != ""
        assert venue.get("cuisine", "-")


def test_every_position_is_inside_the_city() -> None:
    bounds = city()["bounds"]
    for place in (*venues(), city()["center"]):
        assert bounds["south"] <= place["lat"] <= bounds["north"], place
        assert bounds["west"] <= place["lon"] <= bounds["east"], place
    assert ZoneInfo(city()["time_zone"])


def test_every_category_is_one_of_the_taxonomy() -> None:
    assert {venue["category"] for venue in venues()} <= set(CATEGORIES)


def test_hours_parse_and_every_venue_opens_in_a_day_part_that_suits_it() -> None:
    for venue in venues():
        parts = CATEGORIES[venue["category"]].day_parts
        assert any(opens(venue, day, part) for day in range(7) for part in parts), venue


@pytest.mark.parametrize("part", DAY_PARTS)
@pytest.mark.parametrize("day", range(7))
def test_a_hundred_venues_are_open_in_every_day_part_of_the_week(day: int, part: str) -> None:
    assert sum(opens(venue, day, part) for venue in venues()) >= 100


@pytest.mark.parametrize("interest", get_args(Interest))
def test_every_interest_has_at_least_25_venues(interest: str) -> None:
    assert sum(CATEGORIES[venue["category"]].interest == interest for venue in venues()) >= 25


def test_the_city_is_more_than_its_centre() -> None:
    per_neighbourhood = Counter(venue["neighbourhood"] for venue in venues())
    assert sum(count >= 10 for count in per_neighbourhood.values()) >= 15
    assert max(per_neighbourhood.values()) < len(venues()) / 5


def test_the_readmes_counts_are_those_of_the_files() -> None:
    readme = (BUNDLED / "README.md").read_text("utf-8")
    stated = {
        what: int(count)
        for what, count in re.findall(r"^\| ([^|]+) \| (\d+) \|$", readme, re.MULTILINE)
    }
    counted = {
        "venues": len(venues()),
        "of them landmarks": len(landmarks()),
        "categories": len({venue["category"] for venue in venues()}),
        "neighbourhoods": len({venue["neighbourhood"] for venue in venues()}),
        "posts": len(posts()),
        "of them by locals": sum(post["source"] in LOCAL for post in posts()),
        "of them by guides": sum(post["source"] == "guide" for post in posts()),
        "authors": len({post["author"] for post in posts()}),
    }
    print(counted)  # noqa: T201 - `pytest -s` shows what the README must say
    assert stated == counted
