"""The search for the highest rate finds it, and says when the generator was the limit."""

import pytest

from workflows.bench.spread import spread
from workflows.load.capacity import search
from workflows.load.generator import Outcome


def an_outcome(rate: float, p95: float, *, late: float = 1.0, refused: int = 0) -> Outcome:
    return Outcome(
        rate=rate,
        sent=["one"],
        accepted=["one"],
        refused={"503": refused} if refused else {},
        ms=spread([p95]),
        late_p95_ms=late,
        generator_cpu_s=0.1,
    )


@pytest.mark.parametrize("limit", [130, 333, 900, 2000])
async def test_the_highest_rate_is_found_within_a_twentieth(limit: float) -> None:
    async def attempt(rate: float) -> Outcome:
        return an_outcome(rate, 40 if rate <= limit else 900)

    found = await search(attempt, 100)
    assert limit * 0.94 <= found.highest <= limit
    assert not found.generator_bound


async def test_a_rate_at_which_anything_is_refused_does_not_hold() -> None:
    async def attempt(rate: float) -> Outcome:
        return an_outcome(rate, 10, refused=1 if rate > 250 else 0)

    assert (await search(attempt, 100)).highest <= 250


async def test_a_generator_that_falls_behind_is_told_apart_from_a_slow_system() -> None:
    async def attempt(rate: float) -> Outcome:
        return an_outcome(rate, 10, late=500 if rate > 250 else 1)

    found = await search(attempt, 100)
    assert found.generator_bound
    assert found.highest <= 250


async def test_a_system_that_never_holds_has_no_highest_rate() -> None:
    async def attempt(rate: float) -> Outcome:
        return an_outcome(rate, 5000)

    assert (await search(attempt, 100)).highest < 100
