"""What a traveller asks for: the body of `POST /api/v1/trips`, and the rules on its dates."""

import re
from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.personas.traveller import Pace
from shared.runtime.errors import Refusal

LONGEST_DAYS = 30
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FURTHEST = timedelta(days=3 * 366)


class DatesRefused(Refusal):
    """The trip starts before today, or so far ahead that no hours can be known."""

    status = 422
    title = "Dates refused"


def _insist_on_a_date(value: object) -> object:
    # Pydantic would also read unix seconds, and cut off a time of day that names no zone of ours.
    if isinstance(value, str) and _DATE.fullmatch(value):
        return value
    raise ValueError("send a date as YYYY-MM-DD")


class TripRequest(BaseModel):
    """A city's slug, the first date, 1 to 30 days, and a pace (else the traveller's own)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    city: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    start_date: Annotated[date, BeforeValidator(_insist_on_a_date)]
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS, strict=True)]
    pace: Pace | None = None

    def check_dates(self, today: date) -> None:
        """Raise DatesRefused unless the trip starts today or within three years.

        `today` is the date in the city.
        """
        if self.start_date < today:
            raise DatesRefused(
                f"start_date {self.start_date} has passed in the city, where it is {today}; "
                "choose today or later."
            )
        if self.start_date > today + _FURTHEST:
            raise DatesRefused(
                f"start_date {self.start_date} is more than three years ahead; choose a nearer one."
            )
