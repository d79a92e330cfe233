"""Owns the ticks of a unix-cron schedule in a time zone."""

import datetime
import re
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from emulators.scheduler import errors

DEFAULT_ZONE = "UTC"
_UTC = ("utc", "etc/utc", "gmt", "etc/gmt")
_VALUE = r"(\d{1,2}|[A-Z]{3})"
_TERM = rf"(\*|{_VALUE}(-{_VALUE})?)(/\d+)?"
# Narrower than cronsim: no seconds, no L, W or #, which the service refuses too.
_CRONTAB = re.compile(rf"({_TERM}(,{_TERM})*)( {_TERM}(,{_TERM})*){{4}}", re.IGNORECASE)
_WORDS = re.compile(r"(every|\d+(st|nd|rd|th)|first|second|third|fourth|fifth)\b", re.IGNORECASE)


class Cron:
    """A schedule with its time zone. Times are unix seconds, on whole minutes."""

    def __init__(self, schedule: str, time_zone: str) -> None:
        """Raises INVALID_ARGUMENT for what is no unix-cron, UNIMPLEMENTED for App Engine's words.

        "every 5 minutes" and the like are valid there and not understood here.
        """
        self._crontab = " ".join(schedule.split())
        if _WORDS.match(self._crontab):
            raise errors.unsupported(f"the schedule {schedule!r}: write it as unix-cron")
        try:
            self.zone = _zone(time_zone)
            next(self._ticks(0.0))
        except (ZoneInfoNotFoundError, ValueError, OSError, CronSimError, StopIteration) as error:
            raise errors.schedule_invalid() from error
        if not _CRONTAB.fullmatch(self._crontab):
            raise errors.schedule_invalid()

    def next_after(self, at: float) -> float:
        """The first tick after `at`."""
        return next(self._ticks(at)).timestamp()

    def missed(self, first: float, now: float, most: int) -> list[float]:
        """The ticks from the tick `first` up to `now`, in order; of more than `most` the latest."""
        ticks = (tick.timestamp() for tick in self._ticks(first))
        following = list(islice(takewhile(lambda tick: tick <= now, ticks), most))
        if len(following) < most:
            return [first, *following]
        back = (tick.timestamp() for tick in self._ticks(int(now) + 1, reverse=True))
        return list(islice(back, most))[::-1]

    def rfc3339(self, at: float) -> str:
        """The time as a header says it: with the zone's offset, Z for UTC."""
        text = datetime.datetime.fromtimestamp(at, self.zone).isoformat()
        return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text

    def _ticks(self, at: float, *, reverse: bool = False) -> CronSim:
        start = datetime.datetime.fromtimestamp(at, self.zone)
        return CronSim(self._crontab, start, reverse)


def _zone(name: str) -> datetime.tzinfo:
    # The service also takes "utc", and cronsim is quicker in the plain zone.
    return datetime.UTC if name.lower() in _UTC else ZoneInfo(name)
