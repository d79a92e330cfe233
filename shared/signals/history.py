"""A traveller's history from before they came, imported by an operator at weight 0.3."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.runtime.call import refuse_fields
from shared.runtime.errors import Refusal
from shared.signals.judge import judge_moment, judge_type
from shared.signals.message import MOST_SIGNALS
from shared.signals.request import Moment, SignalContext
from shared.signals.signal import Signal

OLDEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No history of a traveller is older."""

NameOfPlace = tuple[str, str]
"""City slug and the place's name, folded."""


class HistoryItem(BaseModel):
    """One answer of the past, on a place named by its id or by city and name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signal_id: UUID
    signal_type: Annotated[str, Field(strict=True)]
    occurred_at: Moment
    activity_node_id: UUID | None = None
    city: Annotated[str, StringConstraints(max_length=64)] | None = None
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    context: SignalContext = SignalContext()

    @property
    def name(self) -> NameOfPlace | None:
        """City and folded name, where the place is named."""
        return (self.city, self.place.casefold()) if self.city and self.place else None


class HistoryRequest(BaseModel):
    """The body of `POST /api/v1/admin/backfill`: whose history, and up to 100 items of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user_id: Annotated[str, Field(min_length=1, max_length=255, strict=True)]
    signals: Annotated[list[Any], Field(min_length=1, max_length=MOST_SIGNALS)]


class PlaceUnnamed(Refusal):
    """The item says neither the place's id nor city and name."""

    status = 422
    title = "Place not named"

    def __init__(self) -> None:
        super().__init__("Name the place: its activity_node_id, or city and place.")


class PlaceUnknown(Refusal):
    """No place has this id or name."""

    status = 422
    title = "Place unknown"

    def __init__(self, place: str) -> None:
        super().__init__(f"We know no place {place}; leave it out, or seed its city first.")


class PlaceAmbiguous(Refusal):
    """Several places of the city have the name."""

    status = 422
    title = "Place ambiguous"

    def __init__(self, place: str, count: int) -> None:
        super().__init__(
            f"{count} places are called {place}; send the activity_node_id of the one meant."
        )


class OutOfPlace(Refusal):
    """A pivot has no meaning outside a trip of ours."""

    status = 422
    title = "No pivot outside a trip"

    def __init__(self, signal_type: str) -> None:
        super().__init__(f"{signal_type} answers an offer of ours; a history holds none.")


KnownIds = Collection[UUID]
KnownNames = Mapping[NameOfPlace, Sequence[UUID]]
_PIVOTS: Final[frozenset[Literal["pivot_accept", "pivot_dismiss", "pivot_ignore"]]] = frozenset(
    ("pivot_accept", "pivot_dismiss", "pivot_ignore")
)


def read_item(item: Any) -> HistoryItem:
    """Return the item of a JSON value; raise FieldsRefused."""
    try:
        return HistoryItem.model_validate(item)
    except ValidationError as error:
        raise refuse_fields(error) from error


def judge_item(
    item: HistoryItem, user_id: str, at: datetime, ids: KnownIds, names: KnownNames
) -> Signal:
    """Return the signal that an item, imported at `at`, becomes.

    `ids` and `names` hold the places that exist, among those that are named. Raises a Refusal that
    says what to change.
    """
    signal_type = judge_type(item.signal_type)
    if signal_type in _PIVOTS:
        raise OutOfPlace(signal_type)
    judge_moment(item.occurred_at, at, OLDEST)
    return Signal(
        signal_id=item.signal_id,
        user_id=user_id,
        signal_type=signal_type,
        origin="backfill",
        activity_node_id=_place_of(item, ids, names),
        trip_id=None,
        slot_id=None,
        ranking_id=None,
        model_version=None,
        context=item.context.model_dump(exclude_none=True),
        occurred_at=item.occurred_at,
        created_at=at,
    )


def _place_of(item: HistoryItem, ids: KnownIds, names: KnownNames) -> UUID:
    if item.activity_node_id is not None:
        if item.activity_node_id not in ids:
            raise PlaceUnknown(f"with the id {item.activity_node_id}")
        return item.activity_node_id
    if item.name is None:
        raise PlaceUnnamed
    found = names.get(item.name, ())
    if not found:
        raise PlaceUnknown(f"{item.place!r} in {item.city}")
    if len(found) > 1:
        raise PlaceAmbiguous(f"{item.place!r} in {item.city}", len(found))
    return found[0]
