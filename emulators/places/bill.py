"""Owns what the answered requests would have cost: a count per SKU, in all and by month.

Only an answer of 200 is billed, also one that found nothing. Every page is a request.
"""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from emulators.skeleton.clock import Clock

# Google's free monthly calls start anew at midnight Pacific time on the first.
_BILLING_ZONE = ZoneInfo("America/Los_Angeles")


@dataclass(slots=True)
class Bill:
    """The billed requests since the last reset."""

    clock: Clock
    _months: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, sku: str) -> None:
        """Counts one answered request."""
        now = datetime.datetime.fromtimestamp(self.clock.now(), _BILLING_ZONE)
        self._months[f"{now:%Y-%m}"][sku] += 1

    def state(self) -> dict[str, Any]:
        """{"skus": {name: count}, "months": {"2026-11": {name: count}}}."""
        months = {month: dict(skus) for month, skus in sorted(self._months.items())}
        return {"skus": dict(sum(self._months.values(), Counter())), "months": months}

    def clear(self) -> None:
        """Forgets everything."""
        self._months.clear()
