"""Owns how far a queue slows down when its target is overloaded or failing."""

from collections import deque
from dataclasses import dataclass, field

OVERLOADED = (429, 503)
WINDOW = 20
SLOWEST = 1 / 64
RECOVERY = 1.25


@dataclass(slots=True)
class Throttle:
    """The share of its configured rate that a queue may use now, from 1/64 to 1.

    The service documents that 429, 503 and a high error rate reduce the rate, not by how much
    (HttpRequest in target.proto). Here each 429 or 503 halves it, and so does a window of twenty
    answers of which more than half failed; each success gives a quarter back.
    """

    share: float = 1.0
    _failed: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def note(self, status: int, *, ok: bool) -> None:
        """Takes in the outcome of one dispatch."""
        self._failed.append(not ok)
        if ok:
            self.share = min(1.0, self.share * RECOVERY)
        elif status in OVERLOADED or self._failing():
            self.share = max(SLOWEST, self.share / 2)
            self._failed.clear()

    def _failing(self) -> bool:
        return len(self._failed) == WINDOW and sum(self._failed) > WINDOW / 2
