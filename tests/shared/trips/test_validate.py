"""The report finds each kind of broken plan: a validator that cannot fail proves nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.nodes.node import Position
from shared.ranking.candidates import Score
from shared.trips.frame import day_part_at
from shared.trips.plan import Bent, Day, Plan, Stop
from shared.trips.travel import STAY_PUT, Travel
from shared.trips.validate import TYPICAL_HOURS_NOTE, validate
from tests.builders import MONDAY, a_candidate, a_city, a_node

TEN = datetime(2026, 11, 23, 10, tzinfo=a_city().zone)


def stop(name: str, hour: float, category: str = "museum", **node: object) -> Stop:
    starts = TEN + timedelta(hours=hour)
    return Stop(
        candidate=a_candidate(a_node(name, category, **node)),
        day_number=1,
        slot_order=1,
        day_part=day_part_at(starts.time()),
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
        ("day_parts", replace(stop("b", 2), day_part="morning")),
        ("meals", replace(stop("b", 5, category="restaurant"), day_part="afternoon")),
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


FOUR = [stop(name, hour) for name, hour in (("a", 0), ("b", 2), ("c", 4), ("d", 8))]


def test_a_day_of_four_stops_has_lunch_and_dinner_or_says_why_not() -> None:
    def found(*bent: Bent) -> list[str]:
        plan = Plan((Day(1, MONDAY, tuple(FOUR), bent),), 1)
        return [violation["what"] for violation in validate(plan, a_city())["violations"]]

    assert found() == ["no dinner", "no lunch"]
    assert found(Bent("kinds", "no bite was open and free in the morning")) != []
    assert found(Bent("meals", "no meal was open and free in the evening")) == []


def test_a_night_has_nine_hours_of_rest() -> None:
    late = (stop("a", 8), stop("b", 13.5))
    early = (stop("c", 22, opening_hours=None), stop("d", 26))
    plan = Plan((Day(1, MONDAY, late, ()), Day(2, MONDAY, early, ())), 1)
    assert [v["rule"] for v in validate(plan, a_city())["violations"]] == ["rest"]


def test_what_bent_is_told_with_its_rule_and_reason() -> None:
    bent = Bent("kinds", "no bite was open and free in the morning; a park stands there")
    plan = Plan((Day(1, MONDAY, (stop("a", 0), stop("b", 2)), (bent,)),), 1)
    assert validate(plan, a_city())["bent"] == [
        {"day_number": 1, "rule": "kinds", "wish": bent.wish},
    ]
