"""The report finds each kind of broken plan: a validator that cannot fail proves nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.nodes.node import Position
from shared.ranking.candidates import Score
from shared.trips.plan import Day, Plan, Stop
from shared.trips.travel import STAY_PUT, Travel
from shared.trips.validate import TYPICAL_HOURS_NOTE, validate
from tests.builders import MONDAY, a_candidate, a_city, a_node

TEN = datetime(2026, 11, 23, 10, tzinfo=a_city().zone)


def stop(name: str, hour: float, **node: object) -> Stop:
    starts = TEN + timedelta(hours=hour)
    return Stop(
        candidate=a_candidate(a_node(name, "museum", **node)),
        day_number=1,
        slot_order=1,
        day_part="morning",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        travel=STAY_PUT,
        score=Score(0.5, None, None),
        explores=False,
        propensity=1.0,
    )


def report(*stops: Stop) -> list[str]:
    plan = Plan((Day(1, MONDAY, stops, ()),), 1)
    return [violation["rule"] for violation in validate(plan, a_city())["violations"]]


def test_a_good_day_has_no_violation() -> None:
    assert report(stop("a", 0), stop("b", 2)) == []


@pytest.mark.parametrize(
    ("rule", "second"),
    [
        ("repeats", stop("a", 2)),
        ("overlaps", stop("b", 0.5)),
        ("hours", stop("b", 2, opening_hours="Tu-Su 10:00-17:00")),
        ("city_bounds", stop("b", 2, position=Position(45.5, -122.6))),
        ("travel", replace(stop("b", 1.1), travel=Travel(30, 2.0, "walk"))),
    ],
)
def test_each_broken_rule_is_named(rule: str, second: Stop) -> None:
    assert report(stop("a", 0), second) == [rule]


def test_a_day_of_one_stop_is_a_violation() -> None:
    assert report(stop("a", 0)) == ["two_stops_a_day"]


def test_typical_hours_are_said_to_be_typical() -> None:
    typical = stop("a", 0, opening_hours="Mo-Su 00:00-24:00", hours_source="typical")
    found = validate(Plan((Day(1, MONDAY, (typical, stop("b", 2)), ()),), 1), a_city())
    assert found["hours_source"] == "typical"
    assert found["notes"] == [TYPICAL_HOURS_NOTE]
