"""How much is measured: enough to trust the figures, or enough to see that they can be taken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of stack starts, of requests by kind of load, and of processes of each function."""

    stack_starts: int
    alone: int
    together: int
    uncached: int
    cold_starts: int


FULL = Sizes(stack_starts=3, alone=200, together=600, uncached=100, cold_starts=5)
QUICK = Sizes(stack_starts=1, alone=30, together=60, uncached=10, cold_starts=1)
