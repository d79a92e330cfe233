"""Imports a traveller's history as signals of weight 0.3, by the same way as any signal."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.runtime.errors import Refusal
from shared.signals.batch import keep_batch
from shared.signals.durable import Way
from shared.signals.history import (
    HistoryItem,
    HistoryRequest,
    KnownIds,
    KnownNames,
    NameOfPlace,
    judge_item,
    read_item,
)
from shared.signals.signal import Signal


class TravellerUnknown(Refusal):
    """Nobody with this id has ever signed in, or they left."""

    status = 404
    title = "Traveller unknown"

    def __init__(self) -> None:
        super().__init__(
            "No traveller has this user_id; a history is imported once they signed in."
        )


class Travellers(Protocol):
    """Where travellers are known."""

    async def knows(self, user_id: str) -> bool:
        """Return whether the traveller has signed in and not left."""


class Places(Protocol):
    """Where places are known."""

    async def known(self, ids: Collection[UUID]) -> set[UUID]:
        """Return those ids that are places."""

    async def named(self, names: Collection[NameOfPlace]) -> dict[NameOfPlace, list[UUID]]:
        """Return the places of each city and folded name; a name that none has is left out."""


async def backfill(
    request: HistoryRequest,
    at: datetime,
    travellers: Travellers,
    places: Places,
    ways: Sequence[Way],
) -> dict[str, Any]:
    """Return the body of the 202: which items were accepted and which refused, with the reason.

    Raises TravellerUnknown, SignalBatchRefused where no item is good, and SignalNotTaken where
    neither the topic nor the table took them.
    """
    if not await travellers.knows(request.user_id):
        raise TravellerUnknown
    read = [_read(item) for item in request.signals]
    items = [item for item in read if isinstance(item, HistoryItem)]
    ids = await places.known({item.activity_node_id for item in items if item.activity_node_id})
    names = await places.named({item.name for item in items if item.name})
    judged = [_judge(item, request.user_id, at, ids, names) for item in read]
    return await keep_batch(request.signals, judged, ways)


def _read(item: Any) -> HistoryItem | Refusal:
    try:
        return read_item(item)
    except Refusal as refusal:
        return refusal


def _judge(
    item: HistoryItem | Refusal, user_id: str, at: datetime, ids: KnownIds, names: KnownNames
) -> Signal | Refusal:
    if isinstance(item, Refusal):
        return item
    try:
        return judge_item(item, user_id, at, ids, names)
    except Refusal as refusal:
        return refusal
