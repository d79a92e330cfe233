"""The versioned table of signal weights (the seed's constraint 5)."""

from collections.abc import Mapping
from typing import Final

from shared.signals.types import SignalOrigin

WEIGHT_TABLE_VERSION: Final = 1

_WEIGHT_OF: Final[Mapping[SignalOrigin, float]] = {"app": 1.0, "backfill": 0.3, "system": 1.0}


def weight_of(origin: SignalOrigin) -> float:
    """Return 1.0 for what is done in the app, 0.3 for imported history."""
    return _WEIGHT_OF[origin]
