"""A behavioral signal, ready to be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.signals.types import SignalOrigin, SignalType
from shared.signals.weights import WEIGHT_TABLE_VERSION, weight_of


@dataclass(frozen=True, slots=True)
class Signal:
    """One row of behavioral_signals; slot, ranking and model version are the server's own facts."""

    signal_id: UUID
    user_id: str
    signal_type: SignalType
    origin: SignalOrigin
    activity_node_id: UUID | None
    trip_id: UUID | None
    slot_id: UUID | None
    ranking_id: UUID | None
    model_version: str | None
    context: Mapping[str, Any]
    created_at: datetime

    def columns(self) -> tuple[Any, ...]:
        """Return the values of the insert, weight and table version among them."""
        return (
            self.signal_id,
            self.user_id,
            self.signal_type,
            self.origin,
            self.activity_node_id,
            self.trip_id,
            self.slot_id,
            self.ranking_id,
            self.model_version,
            dict(self.context),
            weight_of(self.origin),
            WEIGHT_TABLE_VERSION,
            self.created_at,
        )
