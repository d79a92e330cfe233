"""The one clock: real time, plus the offset that the local stack keeps in CLOCK_FILE."""

import os
import time
from datetime import UTC, datetime, timedelta
from functools import cache


class ClockRefused(RuntimeError):
    """A deployed process was given a clock that can be set."""


@cache
def _offset_file() -> int | None:
    path = os.environ.get("CLOCK_FILE")
    if not path:
        return None
    if os.environ.get("K_SERVICE") and not os.environ.get("PUBSUB_EMULATOR_HOST"):
        raise ClockRefused("CLOCK_FILE is set on a deployed service; unset it and deploy again.")
    try:
        return os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None


def now() -> datetime:
    """Return the stack's time, timezone-aware in UTC. Raises ClockRefused (see DESIGN.md 3)."""
    descriptor = _offset_file()
    offset = float(os.pread(descriptor, 32, 0) or 0) if descriptor is not None else 0.0
    return datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=offset)
