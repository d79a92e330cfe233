"""Owns how fast the emulated model is: time to first token and tokens per second, wall time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "anthropic."
OPTIONS = ("ttft_s", "tokens_per_s")


class PaceRejected(ValueError):
    """The pace asked for is not of the documented shape."""


@dataclass(slots=True)
class Pace:
    """0 means no delay, for either."""

    ttft_s: float = 0.0
    tokens_per_s: float = 0.0

    def set(self, options: Mapping[str, object]) -> None:
        """Takes over the given options, leaves the others. Raises PaceRejected."""
        found = {name: _number(name, value) for name, value in options.items()}
        self.ttft_s = found.get("ttft_s", self.ttft_s)
        self.tokens_per_s = found.get("tokens_per_s", self.tokens_per_s)

    def state(self) -> dict[str, float]:
        """The options as they can be set."""
        return {"ttft_s": self.ttft_s, "tokens_per_s": self.tokens_per_s}

    def timer(self) -> "Timer":
        """A timer for one reply, starting now; later changes of the pace do not touch it."""
        per_token = 1 / self.tokens_per_s if self.tokens_per_s else 0.0
        return Timer(asyncio.get_running_loop().time() + self.ttft_s, per_token)


@dataclass(frozen=True, slots=True)
class Timer:
    """When the tokens of one reply are due, in the event loop's seconds."""

    first_at: float
    per_token_s: float

    async def tokens_due(self, count: int) -> None:
        """Returns when the first `count` tokens are due."""
        left = self.first_at + count * self.per_token_s - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)


def from_house(options: Mapping[str, str]) -> Pace:
    """The pace that the house's `anthropic.*` options ask for. Raises PaceRejected."""
    pace = Pace()
    own = [name for name in options if name.startswith(PREFIX)]
    pace.set({name.removeprefix(PREFIX): options[name] for name in own})
    return pace


def _number(name: str, value: object) -> float:
    if name not in OPTIONS:
        raise PaceRejected(f"Unknown option {name!r}: use one of {', '.join(OPTIONS)}.")
    try:
        number = float(str(value))
    except ValueError as error:
        raise PaceRejected(f"The option {name!r} cannot be {value!r}.") from error
    if not 0 <= number < float("inf"):
        raise PaceRejected(f"The option {name!r} cannot be {value!r}.")
    return number
