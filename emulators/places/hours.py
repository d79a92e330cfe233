"""Owns opening hours: weekly spans of minutes, Google's periods, and what is open when.

A weekday is Google's: 0 is Sunday. A span is (minute of the week when it opens, minutes long).
"""

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

DAY = 24 * 60
WEEK = 7 * DAY
_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_THIN, _NARROW = "\u2009", "\u202f"  # as the service sets its times


@dataclass(frozen=True, slots=True)
class Hours:
    """When a place is open: spans (opens, minutes) in order, or always."""

    spans: tuple[tuple[int, int], ...]
    always: bool = False

    def without(self, day: int) -> "Hours":
        """The same hours with one weekday closed."""
        return Hours(tuple(span for span in self.spans if span[0] // DAY != day), self.always)

    def is_open(self, at: datetime.datetime) -> bool:
        """Whether a place with these hours is open at a local time."""
        if self.always:
            return True
        minute = week_minute(at)
        return any((minute - opens) % WEEK < length for opens, length in self.spans)

    def periods(self) -> list[dict[str, Any]]:
        """Google's `periods` of an ordinary week."""
        if self.always:
            return [{"open": _moment(0)}]
        return [
            {"open": _moment(opens), "close": _moment(opens + length)}
            for opens, length in self.spans
        ]

    def weekday_descriptions(self) -> list[str]:
        """A line a day from Monday on, in English."""
        return [f"{_NAMES[day]}: {self._said(day)}" for day in (1, 2, 3, 4, 5, 6, 0)]

    def _said(self, day: int) -> str:
        if self.always:
            return "Open 24 hours"
        spans = [span for span in self.spans if span[0] // DAY == day]
        return ", ".join(_range(opens % DAY, opens % DAY + length) for opens, length in spans) or (
            "Closed"
        )


def parse(pattern: str | dict[str, str]) -> Hours:
    """Reads "24/7" or {"1-5,0": "09:00-12:00,14:00-18:00"}; a span may end after midnight."""
    if isinstance(pattern, str):
        return Hours((), always=True)
    spans = [
        (day * DAY + opens, length)
        for days, ranges in pattern.items()
        for day in _days(days)
        for opens, length in map(_span, ranges.split(","))
    ]
    return Hours(tuple(sorted(spans)))


def shown(hours: Hours, now: float, zone: ZoneInfo) -> dict[str, Any]:
    """`regularOpeningHours` at unix second `now`, with the next time of closing or opening."""
    local = datetime.datetime.fromtimestamp(now, zone)
    is_open = hours.is_open(local)
    body: dict[str, Any] = {
        "openNow": is_open,
        "periods": hours.periods(),
        "weekdayDescriptions": hours.weekday_descriptions(),
    }
    if not hours.always:
        body["nextCloseTime" if is_open else "nextOpenTime"] = _next(
            hours, local, opens=not is_open
        )
    return body


def shown_with_dates(hours: Hours, now: float, zone: ZoneInfo) -> dict[str, Any]:
    """`currentOpeningHours`: the next seven days, each moment with its date."""
    local = datetime.datetime.fromtimestamp(now, zone)
    sunday = local.date() - datetime.timedelta(days=local.isoweekday() % 7)
    body = shown(hours, now, zone)
    if hours.always:
        return body
    for period in body["periods"]:
        day = period["open"]["day"]
        opens = sunday + datetime.timedelta(days=day + (7 if _passed(day, local) else 0))
        days_on = (period["close"]["day"] - day) % 7
        period["open"]["date"] = _date(opens)
        period["close"]["date"] = _date(opens + datetime.timedelta(days=days_on))
    body["periods"].sort(key=lambda period: tuple(period["open"]["date"].values()))
    return body


def week_minute(at: datetime.datetime) -> int:
    """The minute of the week of a local time; Sunday 0:00 is 0."""
    return at.isoweekday() % 7 * DAY + at.hour * 60 + at.minute


def _passed(day: int, local: datetime.datetime) -> bool:
    return day < local.isoweekday() % 7


def _next(hours: Hours, local: datetime.datetime, *, opens: bool) -> str:
    """When these hours next open or close, as RFC 3339 in UTC."""
    minute = week_minute(local)
    ends = [start if opens else start + length for start, length in hours.spans]
    wait = min((end - minute - 1) % WEEK + 1 for end in ends)
    wall = local.replace(second=0, microsecond=0, tzinfo=None) + datetime.timedelta(minutes=wait)
    at = wall.replace(tzinfo=local.tzinfo).astimezone(datetime.UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        days += range(int(first), int(last or first) + 1)
    return days


def _span(text: str) -> tuple[int, int]:
    opens, closes = map(_minute, text.split("-"))
    return opens, (closes - opens) % DAY or DAY


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _moment(minute: int) -> dict[str, Any]:
    day, of_day = divmod(minute % WEEK, DAY)
    return {"day": day, "hour": of_day // 60, "minute": of_day % 60}


def _date(day: datetime.date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _range(opens: int, closes: int) -> str:
    """A span as the service writes it: the half of the day once where both share it."""
    first, first_half = _clock(opens)
    last, last_half = _clock(closes)
    start = first if first_half == last_half else f"{first}{_NARROW}{first_half}"
    return f"{start}{_THIN}–{_THIN}{last}{_NARROW}{last_half}"


def _clock(minute: int) -> tuple[str, str]:
    hour, past = divmod(minute % DAY, 60)
    return f"{(hour - 1) % 12 + 1}:{past:02}", "AM" if hour < 12 else "PM"
