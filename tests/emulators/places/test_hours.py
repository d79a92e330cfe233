"""Opening hours: Google's periods and lines, and what is open now."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from emulators.places import hours
from emulators.skeleton.house import House
from tests.emulators.places.maps import Maps

LISBON = ZoneInfo("Europe/Lisbon")
HOURS = "places.regularOpeningHours,places.currentOpeningHours,places.id"


def at(text: str) -> float:
    """Unix seconds of a local time in Lisbon."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LISBON).timestamp()


def shown(pattern: Any, text: str) -> dict[str, Any]:
    return hours.shown(hours.parse(pattern), at(text), LISBON)


def test_periods_are_weekdays_from_sunday_and_may_end_on_the_next_day() -> None:
    body = shown({"6": "18:00-02:00", "1": "12:00-15:00,18:30-24:00"}, "2027-03-01 12:00")
    assert body["periods"] == [
        {"open": {"day": 1, "hour": 12, "minute": 0}, "close": {"day": 1, "hour": 15, "minute": 0}},
        {"open": {"day": 1, "hour": 18, "minute": 30}, "close": {"day": 2, "hour": 0, "minute": 0}},
        {"open": {"day": 6, "hour": 18, "minute": 0}, "close": {"day": 0, "hour": 2, "minute": 0}},
    ]


def test_a_line_a_day_says_each_half_of_the_day_once() -> None:
    body = shown({"1": "12:00-15:00,18:30-24:00", "2": "09:00-17:30"}, "2027-03-01 12:00")
    lines = [
        line.replace("\u2009", " ").replace("\u202f", " ") for line in body["weekdayDescriptions"]
    ]
    assert lines[:3] == [
        "Monday: 12:00 – 3:00 PM, 6:30 PM – 12:00 AM",
        "Tuesday: 9:00 AM – 5:30 PM",
        "Wednesday: Closed",
    ]
    assert lines[6] == "Sunday: Closed"


def test_what_is_always_open_has_one_period_without_an_end() -> None:
    body = shown("24/7", "2027-03-01 12:00")
    assert body["periods"] == [{"open": {"day": 0, "hour": 0, "minute": 0}}]
    assert body["openNow"] is True
    assert body["weekdayDescriptions"][0] == "Monday: Open 24 hours"
    assert not {"nextOpenTime", "nextCloseTime"} & body.keys()


@pytest.mark.parametrize(
    ("when", "is_open", "then"),
    [
        ("2027-03-06 17:59", False, "2027-03-06T18:00:00Z"),  # a Saturday
        ("2027-03-06 18:00", True, "2027-03-07T02:00:00Z"),
        ("2027-03-07 01:59", True, "2027-03-07T02:00:00Z"),
        ("2027-03-07 02:00", False, "2027-03-13T18:00:00Z"),
        ("2027-03-27 12:00", False, "2027-03-27T18:00:00Z"),
        ("2027-03-27 23:00", True, "2027-03-28T01:00:00Z"),  # the clocks go on that night
    ],
)
def test_open_now_and_the_next_change_follow_local_time(
    when: str, is_open: bool, then: str
) -> None:
    body = shown({"6": "18:00-02:00"}, when)
    assert body["openNow"] is is_open
    assert body["nextCloseTime" if is_open else "nextOpenTime"] == then


def test_current_hours_are_the_next_seven_days_with_dates() -> None:
    pattern = {"0-6": "10:00-18:00"}
    body = hours.shown_with_dates(hours.parse(pattern), at("2027-02-25 12:00"), LISBON)
    opens = [period["open"]["date"] for period in body["periods"]]
    assert opens[0] == {"year": 2027, "month": 2, "day": 25}
    assert opens[-1] == {"year": 2027, "month": 3, "day": 3}
    assert [period["open"]["day"] for period in body["periods"]] == [4, 5, 6, 0, 1, 2, 3]


async def test_open_now_finds_only_what_is_open_on_the_stacks_clock(
    maps: Maps, house: House
) -> None:
    noon = await maps.text("bars in Lisbon", HOURS, open_now=True)
    house.clock.advance(8 * 3600)
    evening = await maps.text("bars in Lisbon", HOURS, open_now=True)
    assert len(noon) < len(evening)
    assert all(place.regular_opening_hours.open_now for place in evening)
    assert all(place.current_opening_hours.open_now for place in evening)
    every = await maps.text("bars in Lisbon", HOURS)
    assert any(not place.regular_opening_hours.open_now for place in every)
