"""Searches the highest rate at which answers still come in time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from workflows.load.generator import Outcome

P95_GOAL_MS = 500.0
_FACTOR = 1.4
_HALVINGS = 3

Attempt = Callable[[float], Awaitable[Outcome]]


@dataclass(slots=True)
class Search:
    """The rates that were tried, in order; `highest` is the best that held, 0 where none did."""

    highest: float = 0.0
    tried: list[Outcome] = field(default_factory=list)
    generator_bound: bool = False
    """Whether the first rate that failed did so because the generator could not keep its pace."""

    def judge(self, outcome: Outcome) -> bool:
        """Keep the outcome; return whether the rate held: all answered well, p95 under 500 ms."""
        self.tried.append(outcome)
        held = not outcome.refused and outcome.ms.p95 < P95_GOAL_MS and outcome.in_time
        if held:
            self.highest = max(self.highest, outcome.rate)
        elif not outcome.in_time:
            self.generator_bound = True
        return held


async def search(attempt: Attempt, first: float) -> Search:
    """Raise the rate by two fifths until one fails, then halve the gap three times."""
    found, rate = Search(), first
    while found.judge(await attempt(rate)):
        rate *= _FACTOR
    low, high = found.highest, rate
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if found.judge(await attempt(middle)):
            low = middle
        else:
            high = middle
    return found
