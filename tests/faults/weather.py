"""A storm that a seed repeats: what goes wrong, where, when, and for how long."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.links import LINKS

KILLED = ("postgres", "redis", "qdrant", "emulators")
STOPPED = ("write_signal", "store_signal", "generate_trip", "read_trip")

ON_A_LINK = ("latency", "narrow", "cut", "reset", "closed", "half_an_answer", "black_hole")
ON_A_PROCESS = ("kill", "kill_function", "stop_function")


@dataclass(frozen=True)
class Gust:
    """One fault: `where` is a link, an engine or a function, as the fault wants it."""

    at_s: float
    lasts_s: float
    fault: str
    where: str

    def __str__(self) -> str:
        return f"{self.at_s:5.2f} s {self.fault} {self.where} for {self.lasts_s:.2f} s"


@dataclass(frozen=True)
class Weather:
    """The gusts of a seed, in the order of their times."""

    seed: int
    seconds: float = 15.0

    def __iter__(self) -> Iterator[Gust]:
        chance = random.Random(self.seed)
        at, coming = 0.5, _shuffled(chance)
        while at < self.seconds:
            yield _gust(chance, round(at, 2), coming.pop())
            at += chance.uniform(0.2, 1.0)
            coming = coming or _shuffled(chance)

    def __str__(self) -> str:
        gusts = "\n".join(map(str, self))
        return f"the weather of FAULT_SEED={self.seed} (make faults SEED={self.seed}):\n{gusts}"


def _shuffled(chance: random.Random) -> list[str]:
    """All faults, so that no weather lacks one."""
    return chance.sample((*ON_A_LINK, *ON_A_PROCESS), len(ON_A_LINK) + len(ON_A_PROCESS))


def _gust(chance: random.Random, at: float, fault: str) -> Gust:
    if fault in ON_A_LINK:
        return Gust(at, round(chance.uniform(0.2, 2.0), 2), fault, chance.choice(LINKS))
    return Gust(at, 0.0, fault, chance.choice(KILLED if fault == "kill" else STOPPED))
