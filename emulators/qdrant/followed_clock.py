"""Owns reading the stack's clock in a process that does not move it."""

import time
from pathlib import Path

from emulators.skeleton.clock import Clock


class FollowedClock(Clock):
    """Real time plus the offset that another process keeps in a file; a missing file is 0."""

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self._followed = path

    def now(self) -> float:
        """Unix seconds on the stack's clock."""
        if self._followed:
            try:
                self.offset = float(self._followed.read_bytes())
            except FileNotFoundError:
                self.offset = 0.0
        return time.time() + self.offset
