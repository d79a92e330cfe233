"""What may be asked for: a seeded city's slug, dates that can be known, 1 to 30 days."""

import json
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from shared.trips.request import DatesRefused, TripRequest
from tests.builders import MONDAY

BODY = {"city": "seattle", "start_date": "2026-11-23", "days": 3}


def sent(**changes: object) -> TripRequest:
    return TripRequest.model_validate_json(json.dumps({**BODY, **changes}))


def test_a_request_is_read() -> None:
    request = sent(pace="slow")
    assert (request.city, request.start_date, request.days) == ("seattle", MONDAY, 3)
    assert request.pace == "slow"
    assert sent().pace is None


@pytest.mark.parametrize("days", [1, 30])
def test_one_to_thirty_days_are_planned(days: int) -> None:
    assert sent(days=days).days == days


@pytest.mark.parametrize(
    "change",
    [
        {"days": 0},
        {"days": 31},
        {"days": -1},
        {"days": "3"},
        {"days": 3.0},
        {"days": True},
        {"days": None},
        {"start_date": "23.11.2026"},
        {"start_date": "2026-11-31"},
        {"start_date": "2026-11-23T00:00:00"},
        {"start_date": "1795392000"},
        {"start_date": 1795392000},
        {"start_date": None},
        {"city": ""},
        {"city": "Seattle"},
        {"city": "seattle\n"},
        {"city": "../seattle"},
        {"city": "a" * 65},
        {"city": 7},
        {"pace": "hasty"},
        {"user_id": "someone-else"},
        {"group": ["someone-else"]},
    ],
    ids=repr,
)
def test_what_is_no_request_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        sent(**change)


def test_a_trip_may_start_today_and_up_to_three_years_ahead() -> None:
    sent().check_dates(MONDAY)
    sent().check_dates(MONDAY - timedelta(days=3 * 366))


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (MONDAY + timedelta(days=1), "has passed in the city, where it is 2026-11-24"),
        (MONDAY - timedelta(days=3 * 366 + 1), "more than three years ahead"),
        (date(2000, 1, 1), "more than three years ahead"),
    ],
)
def test_a_past_or_far_date_is_refused_with_what_to_change(today: date, sentence: str) -> None:
    with pytest.raises(DatesRefused, match=sentence) as refused:
        sent().check_dates(today)
    assert refused.value.status == 422
