"""The versioned table of signal weights (the seed's constraint 5)."""

from collections.abc import Mapping
from typing import Final

from shared.signals.signal import Signal
from shared.signals.types import SignalOrigin

WEIGHT_TABLE_VERSION: Final = 2
"""Version 1 weighed by origin alone; 2 adds the fast skip."""

_WEIGHT_OF: Final[Mapping[SignalOrigin, float]] = {"app": 1.0, "backfill": 0.3, "system": 1.0}

_FAST_SKIP: Final = 1.5
_FAST_SKIP_MS: Final = 2000


def weight_of(signal: Signal) -> float:
    """Return 1.0 for what is done in the app, 0.3 for imported history, 1.5 for a fast skip.

    A slot that the traveller skips in the app in less than 2,000 ms was no near thing: the skip
    is a stronger no (the seed's weights).
    """
    if _is_fast_skip(signal):
        return _FAST_SKIP
    return _WEIGHT_OF[signal.origin]


def _is_fast_skip(signal: Signal) -> bool:
    took = signal.context.get("time_to_action_ms")
    return (
        signal.origin == "app"
        and signal.signal_type == "slot_skip"
        and type(took) is int
        and 0 <= took < _FAST_SKIP_MS
    )
