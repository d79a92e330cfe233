"""Which days a night writes: those without a dataset, and those whose rows have changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

WINDOW: Final = timedelta(days=31)


class DayNotOver(ValueError):
    """A day was asked for whose rows are still being written."""

    def __init__(self, day: date) -> None:
        super().__init__(f"The day {day} has not ended in UTC; ask for it tomorrow.")


@dataclass(frozen=True, slots=True)
class DayRows:
    """What stands in the database for a day now."""

    day: date
    signals: int = 0
    newest_seq: int = 0


@dataclass(frozen=True, slots=True)
class Extracted:
    """What the newest complete version of a day was made of."""

    day: date
    signals: int
    newest_seq: int
    stale_marks: int


def window(at: datetime, only: date | None) -> tuple[datetime, datetime]:
    """Return the first moment to look at, and the first one not to; raises DayNotOver."""
    today = midnight(at.astimezone(UTC).date())
    if only is None:
        return today - WINDOW, today
    if midnight(only) >= today:
        raise DayNotOver(only)
    return midnight(only), midnight(only) + timedelta(days=1)


def midnight(day: date) -> datetime:
    """Return the moment at which the day begins in UTC."""
    return datetime.combine(day, time(), UTC)


def stale_days(marks: Mapping[date, int], extracted: Iterable[Extracted]) -> set[date]:
    """Return the days that were marked since their newest version was planned."""
    return {known.day for known in extracted if marks.get(known.day, 0) > known.stale_marks}


def due(rows: DayRows, extracted: Extracted | None, *, stale: bool) -> bool:
    """Return whether the day is to be written.

    A count beside the newest number finds a row that was numbered early and committed late.
    """
    if extracted is None:
        return rows.signals > 0
    now_and_then = (rows.signals, rows.newest_seq), (extracted.signals, extracted.newest_seq)
    return stale or now_and_then[0] != now_and_then[1]
