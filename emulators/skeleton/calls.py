"""Owns what one emulator was asked: a counter per call name and the latest calls with what."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulators.skeleton.clock import Clock

Detail = Mapping[str, Any] | Callable[[], Mapping[str, Any]]

RECENT = 200


@dataclass(slots=True)
class Calls:
    """Counts every call and keeps the latest RECENT ones."""

    clock: Clock
    counts: Counter[str] = field(default_factory=Counter)
    _recent: deque[tuple[str, float, Detail]] = field(default_factory=lambda: deque(maxlen=RECENT))

    def record(self, name: str, detail: Detail | None = None) -> None:
        """Notes one call. A callable detail is only asked when the state is read."""
        self.counts[name] += 1
        self._recent.append((name, self.clock.now(), detail or {}))

    def state(self) -> dict[str, Any]:
        """{"calls": {name: count}, "recent": [{"name", "at" (unix seconds), "detail"}]}."""
        recent = [
            {
                "name": name,
                "at": at,
                "detail": dict(detail() if callable(detail) else detail),
            }
            for name, at, detail in self._recent
        ]
        return {"calls": dict(self.counts), "recent": recent}

    def clear(self) -> None:
        """Forgets all calls."""
        self.counts.clear()
        self._recent.clear()
