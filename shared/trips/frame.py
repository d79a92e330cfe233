"""The frame of a day: which kinds of stop a pace asks for, and when each may start."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Final, Literal

from shared.nodes.taxonomy import CATEGORIES, DayPart
from shared.personas.traveller import Pace

StopKind = Literal["bite", "meal", "activity", "night", "any"]

DAY_STARTS: Final = time(8)
DAY_ENDS: Final = time(23)
"""No stop before or after: nine hours of rest between two days at least."""

LUNCH: Final = (time(12), time(14, 15))
DINNER: Final = (time(17, 30), time(20, 15))
"""When a meal may start."""

_AFTERNOON = time(12)
_EVENING = time(17)

_BITES: Final = frozenset({"bakery", "breakfast_spot", "cafe", "coffee_shop", "tea_room"})
_MEALS: Final = frozenset({"food_truck", "quick_food", "restaurant"})
_ACTIVITIES: Final = frozenset({"culture", "outdoors", "shopping"})


@dataclass(frozen=True, slots=True)
class Opening:
    """One stop that a day asks for: its part and kind, when it may start and at best does.

    `starts` are the first and the last time for it. `explores` = it is the day's first choice for
    the stop that is drawn.
    """

    day_part: DayPart
    kind: StopKind
    starts: tuple[time, time]
    aim: time
    explores: bool = False


def _bite(aim: time) -> Opening:
    return Opening("morning", "bite", (DAY_STARTS, time(11, 55)), aim)


def _morning(aim: time) -> Opening:
    return Opening("morning", "activity", (time(9), time(11, 55)), aim)


def _afternoon(aim: time, *, explores: bool = False) -> Opening:
    return Opening("afternoon", "activity", (time(12, 15), time(16, 55)), aim, explores)


def _lunch(aim: time) -> Opening:
    return Opening("afternoon", "meal", LUNCH, aim)


def _dinner(aim: time) -> Opening:
    return Opening("evening", "meal", DINNER, aim)


_NIGHT = Opening("evening", "night", (time(18), time(21, 45)), time(20))

_FRAMES: Final[Mapping[Pace, tuple[Opening, ...]]] = {
    "slow": (
        _morning(time(10, 30)),
        _lunch(time(12, 45)),
        _afternoon(time(15), explores=True),
        _dinner(time(18, 15)),
    ),
    "balanced": (
        _bite(time(9)),
        _morning(time(10, 15)),
        _lunch(time(12, 30)),
        _afternoon(time(14, 15), explores=True),
        _afternoon(time(16, 15)),
        _dinner(time(18, 30)),
    ),
    "full": (
        _bite(time(8, 30)),
        _morning(time(9, 30)),
        _lunch(time(12, 15)),
        _afternoon(time(13, 45), explores=True),
        _afternoon(time(15, 45)),
        _dinner(time(18)),
        _NIGHT,
    ),
}

# What a long trip gives up first, so that no day is left with fewer than two stops.
_DROPPED_FIRST: Final[tuple[StopKind, ...]] = ("night", "bite", "activity", "meal", "any")


def frame_of(pace: Pace, most: int) -> list[Opening]:
    """Return the day's openings in time order, at most `most` of them and at least two."""
    openings = list(_FRAMES[pace])
    for kind in _DROPPED_FIRST:
        while len(openings) > max(most, 2) and any(o.kind == kind for o in openings):
            last = max(index for index, o in enumerate(openings) if o.kind == kind)
            if sum(o.kind == kind for o in openings) == 1 and kind in ("activity", "meal"):
                break
            openings.pop(last)
    return openings


def fits(category: str, opening: Opening) -> bool:
    """Return whether a place of this category may fill the opening."""
    facts = CATEGORIES[category]
    match opening.kind:
        case "bite":
            return category in _BITES
        case "meal":
            return category in _MEALS
        case "activity":
            return facts.interest in _ACTIVITIES and opening.day_part in facts.day_parts
        case "night":
            return category not in _MEALS and "evening" in facts.day_parts and facts.indoor
        case "any":
            return opening.day_part in facts.day_parts


def is_meal(category: str) -> bool:
    """Return whether a stop there is a lunch or a dinner, and so stands at a meal time."""
    return category in _MEALS


def meal_at(start: time) -> Literal["lunch", "dinner"] | None:
    """Return which meal may start then."""
    if LUNCH[0] <= start <= LUNCH[1]:
        return "lunch"
    return "dinner" if DINNER[0] <= start <= DINNER[1] else None


def day_part_at(start: time) -> DayPart:
    """Return the part of the day in which a stop starts."""
    if start < _AFTERNOON:
        return "morning"
    return "afternoon" if start < _EVENING else "evening"
