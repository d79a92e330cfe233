"""The frame of a day: which kinds of stop a pace asks for, and from when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Final, Literal

from shared.nodes.taxonomy import CATEGORIES, DayPart
from shared.personas.traveller import Pace

StopKind = Literal["bite", "meal", "activity", "night", "any"]

_BITES: Final = frozenset({"bakery", "breakfast_spot", "cafe", "coffee_shop", "tea_room"})
_MEALS: Final = frozenset({"food_truck", "quick_food", "restaurant"})
_ACTIVITIES: Final = frozenset({"culture", "outdoors", "shopping"})


@dataclass(frozen=True, slots=True)
class Opening:
    """One place in a day to fill: its part, kind of stop, earliest start, whether it explores."""

    day_part: DayPart
    kind: StopKind
    earliest: time
    explores: bool = False


_FRAMES: Final[Mapping[Pace, tuple[Opening, ...]]] = {
    "slow": (
        Opening("morning", "activity", time(10)),
        Opening("afternoon", "meal", time(12, 30), explores=True),
        Opening("evening", "meal", time(18)),
    ),
    "balanced": (
        Opening("morning", "bite", time(9)),
        Opening("morning", "activity", time(10)),
        Opening("afternoon", "meal", time(12, 15)),
        Opening("afternoon", "activity", time(14), explores=True),
        Opening("evening", "meal", time(18)),
    ),
    "full": (
        Opening("morning", "bite", time(8, 30)),
        Opening("morning", "activity", time(9, 30)),
        Opening("afternoon", "meal", time(12)),
        Opening("afternoon", "activity", time(13, 30)),
        Opening("afternoon", "activity", time(15, 15), explores=True),
        Opening("evening", "meal", time(18)),
        Opening("evening", "night", time(19, 45)),
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
