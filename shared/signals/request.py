"""What a client may say: the body of `POST /api/v1/signals`, one signal or a batch of them."""

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
)

from shared.nodes.taxonomy import DayPart
from shared.runtime.call import refuse_fields
from shared.signals.message import MOST_SIGNALS

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\.\d{1,9})?(z|[+-]\d\d:\d\d)", re.IGNORECASE
)


def _as_rfc_3339(value: object) -> object:
    if isinstance(value, str) and _RFC_3339.fullmatch(value):
        return value
    raise ValueError("must be a moment with its zone, as 2026-11-23T12:00:00Z")


Moment = Annotated[AwareDatetime, BeforeValidator(_as_rfc_3339)]


class SignalContext(BaseModel):
    """What a client may say of the moment; the server's own facts win."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_to_action_ms: Annotated[int, Field(ge=0, le=86_400_000, strict=True)] | None = None
    day_of_trip: Annotated[int, Field(ge=1, le=30, strict=True)] | None = None
    day_part: DayPart | None = None
    group_size: Annotated[int, Field(ge=1, le=50, strict=True)] | None = None


class SignalRequest(BaseModel):
    """One signal; the client makes `signal_id`, so that it may send it again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signal_id: UUID
    signal_type: Annotated[str, Field(strict=True)]
    activity_node_id: UUID
    trip_id: UUID
    slot_id: UUID | None = None
    occurred_at: Moment | None = None
    context: SignalContext = SignalContext()


class SignalBatch(BaseModel):
    """Several signals; each is looked at by itself, so that one bad one spoils no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signals: Annotated[list[Any], Field(min_length=1, max_length=MOST_SIGNALS)]


class SignalBody(RootModel[dict[str, Any]]):
    """The body, before it is known to be a signal or a batch."""


def read_signal(item: Any) -> SignalRequest:
    """Return the signal of a JSON value; raise FieldsRefused."""
    try:
        return SignalRequest.model_validate(item)
    except ValidationError as error:
        raise refuse_fields(error) from error


def read_batch(body: Any) -> SignalBatch:
    """Return the batch of a JSON value; raise FieldsRefused."""
    try:
        return SignalBatch.model_validate(body)
    except ValidationError as error:
        raise refuse_fields(error) from error
