"""A city that the system plans in."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.runtime.errors import Refusal


class CityUnknown(Refusal):
    """No city of this slug has been seeded."""

    status = 404
    title = "City unknown"

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"The city {slug} has not been seeded; choose a seeded one, "
            "or ask an administrator to seed it."
        )


@dataclass(frozen=True, slots=True)
class City:
    """A seeded city; `snapshot` names the state of its nodes and is part of every cache key."""

    slug: str
    name: str
    country_code: str
    time_zone: str
    south: float
    west: float
    north: float
    east: float
    snapshot: str

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.time_zone)

    def today(self, at: datetime) -> date:
        """Return the date in the city at the moment `at`."""
        return at.astimezone(self.zone).date()
