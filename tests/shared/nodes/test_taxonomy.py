"""The closed lists: all that may be stored, told apart by their words."""

import re
from typing import get_args

import pytest

from shared.nodes.taxonomy import CATEGORIES, DAY_PARTS, VIBES, Category, DayPart, Interest
from shared.trips.frame import fits, frame_of

SLUG = re.compile(r"[a-z]+(-[a-z]+)*")


def test_a_vibe_is_a_slug_with_a_meaning_of_its_own() -> None:
    assert all(SLUG.fullmatch(vibe) for vibe in VIBES)
    assert all(VIBES.values())
    assert len(set(VIBES.values())) == len(VIBES)


def test_the_list_is_short_enough_for_a_prompt_and_long_enough_to_tell_places_apart() -> None:
    assert 30 <= len(VIBES) <= 60


def test_day_parts_are_named_in_the_order_of_the_day() -> None:
    assert DAY_PARTS == get_args(DayPart) == ("morning", "afternoon", "evening")


@pytest.mark.parametrize("name", CATEGORIES)
def test_a_category_says_what_a_plan_needs(name: str) -> None:
    category: Category = CATEGORIES[name]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
    assert category.interest in get_args(Interest)
    assert 20 <= category.stay_minutes <= 150
    assert category.day_parts
    assert set(category.day_parts) <= set(DAY_PARTS)


def test_meals_are_food() -> None:
    assert {c.interest for c in CATEGORIES.values() if c.meal} == {"food"}


@pytest.mark.parametrize("part", DAY_PARTS)
def test_every_part_of_the_day_has_something_for_every_weather(part: DayPart) -> None:
    fitting = [c for c in CATEGORIES.values() if part in c.day_parts]
    assert any(c.indoor for c in fitting)
    assert any(not c.indoor for c in fitting)


@pytest.mark.parametrize("pace", ["slow", "balanced", "full"])
def test_every_opening_of_a_day_has_kinds_of_place_that_fit(pace: str) -> None:
    for opening in frame_of(pace, 9):  # type: ignore[arg-type]
        assert any(fits(category, opening) for category in CATEGORIES), opening
