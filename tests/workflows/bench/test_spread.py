"""Percentiles are values that were measured, never ones in between."""

import pytest

from workflows.bench.spread import percentile, spread


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.001, 1)]
)
def test_of_the_numbers_one_to_hundred_a_percentile_is_its_number(
    share: float, expected: int
) -> None:
    assert percentile(range(1, 101), share) == expected


def test_of_a_few_values_the_95th_percentile_is_the_highest() -> None:
    found = spread([3.0, 1.0, 2.0])
    assert (found.n, found.p50, found.p95, found.highest) == (3, 2.0, 3.0, 3.0)
