"""What becomes of a signal that is handed to the table."""

from typing import Literal

from shared.signals.errors import SignalUnreadable

Fate = Literal["new", "known", "forgotten"] | SignalUnreadable
"""Stored now, stored before, dropped because its traveller left, or never to be stored."""
