"""Owns the quota of requests per minute that each method has for itself."""

from dataclasses import dataclass, field

from emulators.places.errors import quota_exceeded
from emulators.skeleton.clock import Clock

PER_MINUTE = 600  # the service's own


@dataclass(slots=True)
class Quota:
    """Requests of each method in the running minute of the stack's clock."""

    clock: Clock
    per_minute: int = PER_MINUTE
    _used: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take(self, method: str) -> None:
        """Uses one request of `method`. Raises PlacesError 429 when none is left."""
        minute = int(self.clock.now() // 60)
        since, used = self._used.get(method, (minute, 0))
        if since != minute:
            used = 0
        if used >= self.per_minute:
            raise quota_exceeded(f"{method}Request", self.per_minute)
        self._used[method] = minute, used + 1

    def clear(self) -> None:
        """Starts the minute anew."""
        self._used.clear()
