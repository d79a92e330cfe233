"""The row of a signal, weight and table version among its columns."""

from typing import Any

from shared.signals.signal import Signal
from shared.signals.weights import WEIGHT_TABLE_VERSION, weight_of


def row_of(signal: Signal) -> tuple[Any, ...]:
    """Return the values of the insert, in the order of its columns."""
    return (
        signal.signal_id,
        signal.user_id,
        signal.signal_type,
        signal.origin,
        signal.activity_node_id,
        signal.trip_id,
        signal.slot_id,
        signal.ranking_id,
        signal.model_version,
        dict(signal.context),
        weight_of(signal),
        WEIGHT_TABLE_VERSION,
        signal.occurred_at,
        signal.created_at,
    )
