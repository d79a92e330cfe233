"""Puts ranked candidates into days that a person can walk.

The solver of shared/orienteering chooses all days' stops and their order. Then one stop a day
explores: it is drawn at random from the few places that would stand there best with the rest of the
day kept. What may be drawn on one day can stand nowhere else in the trip, so the draws are
independent, every other stop was certain, and each propensity is the probability of what was done.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from shared.orienteering.drafts import Draft
from shared.orienteering.framed import FramedDay, Within
from shared.orienteering.framed_days import fill_wants
from shared.orienteering.problem import Problem, Visit
from shared.personas.traveller import Pace
from shared.ranking.candidates import Candidate, Scores
from shared.trips.bending import bent_must_sees, bent_of_day
from shared.trips.brief import Brief, Walking, eligible, openings_of, problem_of
from shared.trips.frame import Opening
from shared.trips.plan import Day, Plan, Stop
from shared.trips.travel import STAY_PUT, Router, Streets, Ways

__all__ = ["EXPLORATION_POOL", "WALKING", "Brief", "Walking", "assemble"]

EXPLORATION_POOL: Final = 8
"""At most so many places may be drawn for a stop that explores."""

WALKING: Final[Mapping[Pace, Walking]] = {
    pace: Walking(km_price=0.05, detour_price=0.5, order_price=0.03)
    for pace in ("slow", "balanced", "full")
}
"""What walking costs: a kilometre as much as a twentieth of the best place's score."""

EXPLORING: Final = Within(loss=0.3, detour=0.12, least=3, most=EXPLORATION_POOL)
"""Who may be drawn: days not much worse than the best, and no zigzags, but always three."""


def assemble(
    brief: Brief,
    candidates: Sequence[Candidate],
    scores: Scores,
    seed: int,
    router: Router | None = None,
    walking: Walking | None = None,
) -> Plan:
    """Return the plan; the same arguments give the same plan, whatever the candidates' order.

    Overrated places are left out unless they are must-sees. Ways are the default router's (streets
    by rule of thumb) unless another is given, and walking costs what WALKING says of the pace.
    """
    places = eligible(brief, candidates)
    ways = (router or Streets()).ways([candidate.node.position for candidate in places])
    problem = problem_of(brief, places, scores, ways, walking or WALKING[brief.pace])
    return _Assembly(brief, places, scores, ways, problem).plan(seed)


class _Assembly:
    """One trip in the making."""

    def __init__(
        self,
        brief: Brief,
        places: Sequence[Candidate],
        scores: Scores,
        ways: Ways,
        problem: Problem,
    ) -> None:
        self._brief = brief
        self._places = places
        self._scores = scores
        self._ways = ways
        self._problem = problem
        self._openings = openings_of(brief, places)

    def plan(self, seed: int) -> Plan:
        """Return the plan."""
        chance = random.Random(seed)  # noqa: S311 - exploration, not a secret
        days = [FramedDay(self._problem, day) for day in range(self._brief.days)]
        drafts = fill_wants(self._problem, days)
        taken = {place for draft in drafts for place in draft.places}
        planned: list[Day] = []
        for number, (day, draft) in enumerate(zip(days, drafts, strict=True), start=1):
            explored = self._to_explore(draft)
            if explored is None:
                planned.append(self._day(number, day.route(draft).visits, {}))
                continue
            pool = day.substitutes(draft, explored, taken, EXPLORING)
            taken.update(place for other in pool for place in other.places)
            drawn = chance.choice(pool)
            odds = {_in_its_stead(draft, drawn, explored): 1 / len(pool)}
            planned.append(self._day(number, day.route(drawn).visits, odds))
        stops = {stop.node_id for day in planned for stop in day.stops}
        unmet = tuple(bent_must_sees(self._brief, self._places, stops))
        planned[0] = replace(planned[0], bent=(*planned[0].bent, *unmet))
        return Plan(tuple(planned), seed)

    def _to_explore(self, draft: Draft) -> int | None:
        """Return the place of the stop that explores: the opening meant for it, or the first other.

        A must-see is never drawn against.
        """
        free = [call for call in draft.calls if not self._problem.places[call.place].must]
        meant = [call for call in free if self._opening(call.want).explores]
        return next((call.place for call in meant or free), None)

    def _opening(self, want: int | None) -> Opening:
        assert want is not None
        return self._openings[want]

    def _day(self, number: int, visits: Sequence[Visit], odds: dict[int, float]) -> Day:
        stops: list[Stop] = []
        midnight = datetime.combine(self._brief.date_of(number), time(), self._brief.zone)
        before: int | None = None
        for order, visit in enumerate(visits, start=1):
            candidate, opening = self._places[visit.place], self._opening(visit.want)
            stop = Stop(
                candidate=candidate,
                day_number=number,
                slot_order=order,
                day_part=opening.day_part,
                starts_at=midnight + timedelta(minutes=visit.starts),
                ends_at=midnight + timedelta(minutes=visit.ends),
                travel=STAY_PUT if before is None else self._ways.travel(before, visit.place),
                score=self._scores.at(candidate, opening.day_part, number),
                explores=visit.place in odds,
                propensity=odds.get(visit.place, 1.0),
            )
            stops.append(stop)
            before = visit.place
        bent = bent_of_day(visits, self._openings, self._places)
        return Day(number, midnight.date(), tuple(stops), tuple(bent))


def _in_its_stead(draft: Draft, drawn: Draft, explored: int) -> int:
    """Return the place that stands in the drawn day where `explored` stood in the draft."""
    (place,) = set(drawn.places) - (set(draft.places) - {explored})
    return place
