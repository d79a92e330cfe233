"""Owns the token bucket that holds a queue to its dispatch rate."""

from dataclasses import dataclass

# A wait for a token ends at a rounded time: without it one more wait of nothing would follow.
_ROUNDING = 1e-6


@dataclass(slots=True)
class TokenBucket:
    """`rate` tokens a second, at most `size` at once; full at the start. Times are unix seconds."""

    rate: float
    size: float
    level: float
    at: float

    @classmethod
    def full(cls, rate: float, size: float, now: float) -> "TokenBucket":
        """A bucket with all its tokens."""
        return cls(rate, size, size, now)

    def resize(self, rate: float, size: float, now: float) -> None:
        """Goes on with another rate and size, keeping the tokens that still fit."""
        self._fill(now)
        self.rate, self.size = rate, size
        self.level = min(self.level, size)

    def take(self, now: float) -> bool:
        """Takes one token if there is one."""
        self._fill(now)
        if self.level < 1 - _ROUNDING:
            return False
        self.level = max(0.0, self.level - 1)
        return True

    def next_at(self, now: float) -> float:
        """When there will be a token."""
        self._fill(now)
        return now + max(0.0, 1 - self.level) / self.rate

    def _fill(self, now: float) -> None:
        # A clock set back gives no tokens and takes none.
        self.level = min(self.size, self.level + max(0.0, now - self.at) * self.rate)
        self.at = now
