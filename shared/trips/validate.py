"""Checks a plan against the rules of a walkable trip and reports what holds, broke or bent."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from shared.nodes.city import City
from shared.trips.frame import day_part_at, is_meal, meal_at
from shared.trips.hours import is_open
from shared.trips.plan import Day, Plan

RULES: Final = (
    "repeats",
    "overlaps",
    "hours",
    "travel",
    "city_bounds",
    "two_stops_a_day",
    "day_parts",
    "meals",
    "rest",
)

TYPICAL_HOURS_NOTE: Final = (
    "Opening hours are typical for the kind of place, not confirmed by the venue; "
    "check before you go."
)

_EXCUSE_MEALS = ("meals", "filled")
_STOPS_WITH_BOTH_MEALS = 4
_LEAST_REST = timedelta(hours=9)


def validate(plan: Plan, city: City) -> dict[str, Any]:
    """Return the report: rules checked, violations (none in a good plan), bent wishes and notes."""
    violations = [*_repeats(plan), *_outside(plan, city), *_short_nights(plan)]
    for day in plan.days:
        violations += [*_day_violations(day), *_meals(day)]
    stops = plan.stops()
    typical = any(stop.candidate.node.hours_source == "typical" for stop in stops)
    return {
        "rules": list(RULES),
        "violations": violations,
        "bent": [
            {"day_number": day.day_number, "rule": bent.rule, "wish": bent.wish}
            for day in plan.days
            for bent in day.bent
        ],
        "hours_source": "typical" if typical else "listed",
        "notes": [TYPICAL_HOURS_NOTE] if typical else [],
        "walk_km": round(sum(s.travel.km for s in stops if s.travel.mode == "walk"), 1),
        "transit_km": round(sum(s.travel.km for s in stops if s.travel.mode == "transit"), 1),
    }


def _repeats(plan: Plan) -> Iterator[dict[str, Any]]:
    seen = set()
    for stop in plan.stops():
        if stop.node_id in seen:
            yield _violation("repeats", stop.day_number, stop.candidate.node.name)
        seen.add(stop.node_id)


def _outside(plan: Plan, city: City) -> Iterator[dict[str, Any]]:
    for stop in plan.stops():
        where = stop.candidate.node.position
        inside = city.south <= where.lat <= city.north and city.west <= where.lon <= city.east
        if not inside:
            yield _violation("city_bounds", stop.day_number, stop.candidate.node.name)


def _day_violations(day: Day) -> Iterator[dict[str, Any]]:
    if len(day.stops) < 2:
        yield _violation("two_stops_a_day", day.day_number, f"{len(day.stops)} stops")
    for stop in day.stops:
        start, end = stop.starts_at.replace(tzinfo=None), stop.ends_at.replace(tzinfo=None)
        if not is_open(stop.candidate.node.opening_hours, start, end):
            yield _violation("hours", day.day_number, stop.candidate.node.name)
        if stop.day_part != day_part_at(start.time()):
            yield _violation("day_parts", day.day_number, stop.candidate.node.name)
    for before, after in pairwise(day.stops):
        gap = (after.starts_at - before.ends_at).total_seconds() / 60
        if gap < 0:
            yield _violation("overlaps", day.day_number, after.candidate.node.name)
        elif gap < after.travel.minutes:
            yield _violation("travel", day.day_number, after.candidate.node.name)


def _meals(day: Day) -> Iterator[dict[str, Any]]:
    """Meals stand at meal times, and a day of four stops has both, unless it says why not."""
    if any(bent.rule in _EXCUSE_MEALS for bent in day.bent):
        return
    meals = [stop for stop in day.stops if is_meal(stop.candidate.node.category)]
    for stop in meals:
        if meal_at(stop.starts_at.time()) is None:
            yield _violation("meals", day.day_number, stop.candidate.node.name)
    if len(day.stops) >= _STOPS_WITH_BOTH_MEALS:
        held = {meal_at(stop.starts_at.time()) for stop in meals}
        for missing in sorted({"lunch", "dinner"} - held):
            yield _violation("meals", day.day_number, f"no {missing}")


def _short_nights(plan: Plan) -> Iterator[dict[str, Any]]:
    for before, after in pairwise(plan.days):
        if before.stops and after.stops:
            night = after.stops[0].starts_at - before.stops[-1].ends_at
            if night < _LEAST_REST:
                yield _violation("rest", after.day_number, f"{night} of rest")


def _violation(rule: str, day_number: int, what: str) -> dict[str, Any]:
    return {"rule": rule, "day_number": day_number, "what": what}
