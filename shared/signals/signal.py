"""A behavioral signal, ready to travel and to be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.signals.types import SignalOrigin, SignalType


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
    occurred_at: datetime
    """When the traveller did it."""
    created_at: datetime
    """When the server took it."""
