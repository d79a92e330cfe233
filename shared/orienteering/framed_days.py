"""All days that say what they ask for, so filled that no place is visited twice."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from shared.orienteering.drafts import Draft
from shared.orienteering.framed import FramedDay
from shared.orienteering.problem import Problem

_PAIRS_A_DAY = 1
_LEAST_GAIN = 1e-9


def fill_wants(problem: Problem, days: Sequence[FramedDay]) -> list[Draft]:
    """Return the days' fillings: each day's best of what those before left, then bettered in pairs.

    A pair is filled anew with the later day choosing first, and kept where both together gain.
    """
    drafts = _filled_in_turn(days)
    musts = {place for place, one in enumerate(problem.places) if one.must}
    if not musts <= _taken(drafts):
        turned = _filled_in_turn(days[::-1])[::-1]
        drafts = max(drafts, turned, key=_total)
    pairs = sorted(combinations(range(len(days)), 2), key=lambda pair: (pair[1] - pair[0], pair))
    for first, second in pairs[: _PAIRS_A_DAY * len(days)]:
        others = _taken(draft for at, draft in enumerate(drafts) if at not in (first, second))
        later = days[second].best(others)
        earlier = days[first].best(others | _taken([later]))
        gain = earlier.value + later.value - drafts[first].value - drafts[second].value
        if gain > _LEAST_GAIN:
            drafts[first], drafts[second] = earlier, later
    return drafts


def _filled_in_turn(days: Sequence[FramedDay]) -> list[Draft]:
    drafts: list[Draft] = []
    taken: set[int] = set()
    for day in days:
        draft = day.best(taken)
        taken |= _taken([draft])
        drafts.append(draft)
    return drafts


def _taken(drafts: Iterable[Draft]) -> set[int]:
    return {call.place for draft in drafts for call in draft.calls}


def _total(drafts: Sequence[Draft]) -> float:
    return sum(draft.value for draft in drafts)
