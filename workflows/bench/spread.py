"""How measured values spread: percentiles, and the number they stand on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of `n` values, in the values' own unit."""

    n: int
    p50: float
    p95: float
    p99: float
    highest: float


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of at least one value."""
    ordered = sorted(values)
    p50, p95, p99 = (percentile(ordered, share) for share in (0.5, 0.95, 0.99))
    return Spread(len(ordered), p50, p95, p99, ordered[-1])


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the ascending values do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
