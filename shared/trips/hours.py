"""Opening hours in OpenStreetMap's syntax, read by the opening_hours library."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

Interval = tuple[int, int]

_A_DAY = timedelta(days=1)
_ALL_DAY = ((0, 24 * 60),)


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


@lru_cache(maxsize=8192)
def open_on(expression: str | None, day: date) -> tuple[Interval, ...]:
    """Return when a place is open on a day of the city, in minutes after its midnight.

    From midnight to midnight, in order, intervals that touch joined; empty = closed all day.
    """
    hours = _parse(expression) if expression else None
    if hours is None:
        return _ALL_DAY
    midnight = datetime.combine(day, time())
    found: list[Interval] = []
    for opens, closes, state, _ in hours.intervals(midnight, midnight + _A_DAY):
        if str(state) != "open":
            continue
        interval = (_minute(opens, midnight), _minute(closes, midnight))
        if found and found[-1][1] == interval[0]:
            interval = (found.pop()[0], interval[1])
        found.append(interval)
    return tuple(found)


def _minute(moment: datetime, midnight: datetime) -> int:
    return int((moment - midnight).total_seconds() // 60)
