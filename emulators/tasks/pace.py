"""Owns how fast one queue may dispatch now: its rate limits, its tokens and its slow-downs."""

from typing import Any

from emulators.skeleton.dispatch import Outcome
from emulators.tasks.bucket import TokenBucket
from emulators.tasks.throttle import Throttle


class Pace:
    """The RateLimits message of a queue in force. Times are unix seconds."""

    def __init__(self, limits: Any, now: float) -> None:
        self._limits = limits
        self._throttle = Throttle()
        self._bucket = TokenBucket.full(
            limits.max_dispatches_per_second, limits.max_burst_size, now
        )

    @property
    def share(self) -> float:
        """The part of the configured rate that is used now."""
        return self._throttle.share

    def set(self, limits: Any, now: float) -> None:
        """Goes on under other limits."""
        self._limits = limits
        self._resize(now)

    def note(self, outcome: Outcome, now: float) -> None:
        """Takes in how a dispatch ended."""
        self._throttle.note(outcome.status, ok=outcome.ok)
        self._resize(now)

    def has_room(self, running: int) -> bool:
        """Whether one more may run beside that many."""
        return bool(running < self._limits.max_concurrent_dispatches)

    def take(self, now: float) -> bool:
        """Takes the token that a dispatch needs, if there is one."""
        return self._bucket.take(now)

    def next_at(self, now: float) -> float:
        """When there will be a token."""
        return self._bucket.next_at(now)

    def _resize(self, now: float) -> None:
        rate = self._limits.max_dispatches_per_second * self.share
        self._bucket.resize(rate, max(1.0, self._limits.max_burst_size * self.share), now)
