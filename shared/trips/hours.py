"""Opening hours in OpenStreetMap's syntax, read by the opening_hours library."""

from datetime import datetime
from functools import lru_cache

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]


@lru_cache(maxsize=4096)
def _parse(expression: str) -> OpeningHours | None:
    try:
        return OpeningHours(expression)
    except ParserError:
        return None


def is_open(expression: str | None, start: datetime, end: datetime) -> bool:
    """Return whether a place is open from `start` to `end` (the city's local times, naive).

    Hours that are unknown or unreadable count as open: the plan respects hours where known.
    """
    hours = _parse(expression) if expression else None
    if hours is None:
        return True
    # Bounded by `end`: next_change would search through all years for hours that never end.
    return all(str(state) == "open" for _, _, state, _ in hours.intervals(start, end))
