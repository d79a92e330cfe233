"""What a trip is assembled from, told as a problem that the solver knows: minutes and metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.nodes.taxonomy import CATEGORIES
from shared.orienteering import problem as solver
from shared.personas.traveller import Pace
from shared.ranking.candidates import Candidate, Scores
from shared.ranking.cells import trip_day_of
from shared.trips.frame import DAY_ENDS, DAY_STARTS, Opening, fits, frame_of, is_meal
from shared.trips.hours import open_on
from shared.trips.travel import LazyRows, Ways

STEP_MINUTES: Final = 5
"""Stops start at whole five minutes."""

_SHARE_OF_CANDIDATES = 0.6
_SPARE = 20
_SPARE_A_DAY = 3
_OTHER_KIND = -1.0
_MEAL_AT_NO_MEAL_TIME = -2.0


@dataclass(frozen=True, slots=True)
class Brief:
    """What was asked for: first date, days, pace, the city's zone; must-sees, places to avoid."""

    start_date: date
    days: int
    pace: Pace
    zone: ZoneInfo
    must: frozenset[UUID] = frozenset()
    avoid: frozenset[UUID] = frozenset()

    def date_of(self, number: int) -> date:
        """Return the date of a day of the trip, counted from 1."""
        return self.start_date + timedelta(days=number - 1)


@dataclass(frozen=True, slots=True)
class Walking:
    """What walking costs in units of score: a kilometre, and a day of twice its shortest way.

    `order_price` is what it costs to have, say, a breakfast after the first sight.
    """

    km_price: float
    detour_price: float
    order_price: float


def eligible(brief: Brief, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return who may be planned, in one order whatever theirs was: no overrated, none to avoid."""
    chosen = [
        candidate
        for candidate in candidates
        if candidate.node.id not in brief.avoid
        and (candidate.node.id in brief.must or not candidate.node.overrated_flag)
    ]
    return sorted(chosen, key=lambda candidate: candidate.node.id)


def openings_of(brief: Brief, places: Sequence[Candidate]) -> list[Opening]:
    """Return what each day asks for; a long trip asks for less than its pace would."""
    return frame_of(brief.pace, int(len(places) * _SHARE_OF_CANDIDATES / brief.days))


def problem_of(
    brief: Brief, places: Sequence[Candidate], scores: Scores, ways: Ways, walking: Walking
) -> solver.Problem:
    """Return the problem whose places and wants are numbered as `places` and the openings are."""
    openings = openings_of(brief, places)
    worths: dict[tuple[str, str, int], dict[int, float]] = {}

    def wants(number: int) -> tuple[solver.Want, ...]:
        found = []
        for opening in openings:
            key = (opening.kind, opening.day_part, trip_day_of(number))
            if key not in worths:
                worths[key] = _worths(opening, places, scores, number, brief)
            first, last = (_minute(start) for start in opening.starts)
            found.append(
                solver.Want(opening.kind, (first, last), worths[key], _minute(opening.aim))
            )
        return tuple(found)

    span = (_minute(DAY_STARTS), _minute(DAY_ENDS))
    numbers = range(1, brief.days + 1)
    return solver.Problem(
        places=[_place(brief, candidate) for candidate in places],
        minutes=LazyRows(
            len(places), lambda start: [_rounded_up(way) for way in ways.minutes[start]]
        ),
        metres=ways.metres,
        days=[solver.Day(span, wants(number)) for number in numbers],
        metre_price=walking.km_price / 1000,
        detour_price=walking.detour_price,
        order_price=walking.order_price,
    )


def _place(brief: Brief, candidate: Candidate) -> solver.Place:
    node = candidate.node
    hours = tuple(
        tuple(
            (_rounded_up(opens), closes - closes % STEP_MINUTES)
            for opens, closes in open_on(node.opening_hours, brief.date_of(number))
        )
        for number in range(1, brief.days + 1)
    )
    return solver.Place(CATEGORIES[node.category].stay_minutes, hours, must=node.id in brief.must)


def _worths(
    opening: Opening, places: Sequence[Candidate], scores: Scores, number: int, brief: Brief
) -> dict[int, float]:
    """Return each place's worth as that stop.

    Where few are of the kind, others of that part of the day stand by, and so do
    must-sees: they fill what else would be empty.
    """
    part = opening.day_part
    fitting = {n for n, one in enumerate(places) if fits(one.node.category, opening)}
    few = len(fitting) < _SPARE + _SPARE_A_DAY * brief.days
    worths = {place: scores.at(places[place], part, number).blended for place in fitting}
    for place, one in enumerate(places):
        if place in fitting or part not in CATEGORIES[one.node.category].day_parts:
            continue
        if few or one.node.id in brief.must:
            less = _MEAL_AT_NO_MEAL_TIME if is_meal(one.node.category) else _OTHER_KIND
            worths[place] = scores.at(one, part, number).blended + less
    return worths


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _rounded_up(minutes: float) -> int:
    return -int(-minutes // STEP_MINUTES) * STEP_MINUTES
