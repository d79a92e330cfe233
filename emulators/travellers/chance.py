"""Owns the randomness of one traveller: a stream for each purpose, the same for the same seed."""

import math
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from statistics import NormalDist

_STANDARD = NormalDist()
_SCALE = 2**64


@dataclass(frozen=True, slots=True)
class Chance:
    """The dice of traveller number `traveller` under `seed`.

    A purpose is a path of words and numbers. Draws of one purpose never move those of another, so
    what a traveller decides depends neither on who acts beside them nor on how much was drawn
    before. Purposes name places and positions, never ids: the server's ids are random.
    """

    seed: int
    traveller: int

    def stream(self, *purpose: str | int) -> Random:
        """Numbers for one purpose, as many as it takes."""
        return Random(self._digest(purpose))  # noqa: S311 - reproducible on purpose

    def uniform(self, *purpose: str | int) -> float:
        """One number in (0, 1)."""
        return ((self._digest(purpose) % _SCALE) + 0.5) / (_SCALE + 1)

    def normal(self, *purpose: str | int) -> float:
        """One number of the standard normal distribution."""
        return _STANDARD.inv_cdf(self.uniform(*purpose))

    def between(self, low: float, high: float, *purpose: str | int) -> float:
        """One number, uniform between `low` and `high`."""
        return low + (high - low) * self.uniform(*purpose)

    def around(self, median: float, spread: float, *purpose: str | int) -> float:
        """One number, log-normal with that median and a standard deviation `spread` of its log."""
        return median * math.exp(spread * self.normal(*purpose))

    def _digest(self, purpose: tuple[str | int, ...]) -> int:
        # Quoted, so that no two paths read the same.
        text = repr((self.seed, self.traveller, *purpose))
        return int.from_bytes(sha256(text.encode()).digest())
