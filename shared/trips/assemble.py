"""Puts ranked candidates into days that a person can walk.

Day by day: the best free activity is the day's anchor, the other openings are filled in time order
with what scores best nearby and is open then. One opening a day explores: it is drawn at random
from the best few, and the probability of the draw is kept (DESIGN.md 4, Assemble).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.nodes.node import Position
from shared.nodes.taxonomy import CATEGORIES
from shared.personas.traveller import Pace
from shared.ranking.candidates import Candidate, Score, Scores
from shared.trips.frame import Opening, fits, frame_of
from shared.trips.hours import is_open
from shared.trips.plan import Day, Plan, Stop
from shared.trips.travel import STAY_PUT, Travel, travel_between

EXPLORATION_POOL: Final = 8

_KM_COST = 0.1
_NEARBY_KM = (1.5, 3.0, 6.0, 1000.0)
_LATEST_START_HOUR = 22
_ROUND_MINUTES = 5
_SHARE_OF_CANDIDATES = 0.6


@dataclass(frozen=True, slots=True)
class Brief:
    """What was asked for: the first date, how many days, the pace, and the city's time zone."""

    start_date: date
    days: int
    pace: Pace
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class _Choice:
    candidate: Candidate
    score: Score
    worth: float
    starts: datetime
    ends: datetime
    travel: Travel


def assemble(brief: Brief, candidates: Sequence[Candidate], scores: Scores, seed: int) -> Plan:
    """Return the plan; the same arguments give the same plan. Overrated places are left out."""
    chance = random.Random(seed)  # noqa: S311 - exploration, not a secret
    free = {c.node.id: c for c in candidates if not c.node.overrated_flag}
    most = int(len(free) * _SHARE_OF_CANDIDATES / brief.days)
    days = []
    for number in range(1, brief.days + 1):
        builder = _DayBuilder(brief, number, free, scores, chance)
        days.append(builder.build(frame_of(brief.pace, most)))
    return Plan(tuple(days), seed)


class _DayBuilder:
    """Fills one day and takes what it uses out of the free candidates."""

    def __init__(
        self,
        brief: Brief,
        number: int,
        free: dict[UUID, Candidate],
        scores: Scores,
        chance: random.Random,
    ) -> None:
        self._number = number
        self._date = brief.start_date + timedelta(days=number - 1)
        self._zone = brief.zone
        self._free = free
        self._scores = scores
        self._chance = chance
        self._stops: list[Stop] = []
        self._bent: list[str] = []

    def build(self, frame: Sequence[Opening]) -> Day:
        """Return the day."""
        anchor = self._anchor(frame)
        for opening in frame:
            self._fill(opening, anchor)
        return Day(self._number, self._date, tuple(self._stops), tuple(self._bent))

    def _anchor(self, frame: Sequence[Opening]) -> Position | None:
        """Return where the day takes place: at the best activity that its frame has room for."""
        openings = [opening for opening in frame if opening.kind == "activity"] or frame[:1]
        best = max(
            (
                (self._score(candidate, opening).blended, str(candidate.node.id), candidate)
                for opening in openings
                for candidate in self._free.values()
                if fits(candidate.node.category, opening)
            ),
            default=None,
            key=lambda item: item[:2],
        )
        return best[2].node.position if best else None

    def _fill(self, opening: Opening, anchor: Position | None) -> None:
        choices = list(self._choices(opening, anchor))
        if not choices:
            anything = Opening(opening.day_part, "any", opening.earliest, opening.explores)
            choices = list(self._choices(anything, anchor))
            self._bent.append(f"no {opening.kind} was open and free in the {opening.day_part}")
        if not choices:
            return
        pool = choices if opening.explores else choices[:1]
        chosen = self._chance.choice(pool)
        self._take(chosen, opening, 1 / len(pool))

    def _choices(self, opening: Opening, anchor: Position | None) -> Iterator[_Choice]:
        """Yield the best that are open, nearest ring first; one is enough unless it explores."""
        wanted = EXPLORATION_POOL if opening.explores else 1
        ranked = sorted(self._weigh(opening), key=lambda item: (-item[0], str(item[1].node.id)))
        found = 0
        for inner, outer in zip((-1.0, *_NEARBY_KM), _NEARBY_KM, strict=False):
            for worth, candidate, score in ranked:
                km = anchor.km_to(candidate.node.position) if anchor else 0.0
                if not inner < km <= outer:
                    continue
                choice = self._schedule(candidate, score, worth, opening)
                if choice is not None:
                    yield choice
                    found += 1
                    if found == wanted:
                        return
            if found:
                return

    def _weigh(self, opening: Opening) -> Iterator[tuple[float, Candidate, Score]]:
        here = self._stops[-1].candidate.node.position if self._stops else None
        for candidate in self._free.values():
            if not fits(candidate.node.category, opening):
                continue
            score = self._score(candidate, opening)
            km = here.km_to(candidate.node.position) if here else 0.0
            yield score.blended - _KM_COST * km, candidate, score

    def _score(self, candidate: Candidate, opening: Opening) -> Score:
        return self._scores.at(candidate, opening.day_part, self._number)

    def _schedule(
        self, candidate: Candidate, score: Score, worth: float, opening: Opening
    ) -> _Choice | None:
        """Return the choice with its times, or None where the place is not open then."""
        earliest = datetime.combine(self._date, opening.earliest)
        travel = STAY_PUT
        if self._stops:
            before = self._stops[-1]
            travel = travel_between(before.candidate.node.position, candidate.node.position)
            arrival = before.ends_at.replace(tzinfo=None) + timedelta(minutes=travel.minutes)
            earliest = max(earliest, _round_up(arrival))
        ends = earliest + timedelta(minutes=CATEGORIES[candidate.node.category].stay_minutes)
        too_late = earliest.hour >= _LATEST_START_HOUR or earliest.date() != self._date
        if too_late or not is_open(candidate.node.opening_hours, earliest, ends):
            return None
        return _Choice(candidate, score, worth, earliest, ends, travel)

    def _take(self, choice: _Choice, opening: Opening, propensity: float) -> None:
        del self._free[choice.candidate.node.id]
        self._stops.append(
            Stop(
                candidate=choice.candidate,
                day_number=self._number,
                slot_order=len(self._stops) + 1,
                day_part=opening.day_part,
                starts_at=choice.starts.replace(tzinfo=self._zone),
                ends_at=choice.ends.replace(tzinfo=self._zone),
                travel=choice.travel,
                score=choice.score,
                explores=opening.explores,
                propensity=propensity,
            )
        )


def _round_up(moment: datetime) -> datetime:
    minutes = -moment.minute % _ROUND_MINUTES
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
