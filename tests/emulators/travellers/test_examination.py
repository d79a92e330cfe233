"""Position bias: a probability that falls with the day and the place in it."""

from hypothesis import given
from hypothesis import strategies as some

from emulators.travellers.examination import Gaze, gaze_of
from tests.emulators.travellers.builders import a_chance

travellers = some.integers(0, 10_000)
days = some.integers(1, 29)
orders = some.integers(1, 11)


@given(travellers, days, orders)
def test_examination_is_a_probability(traveller: int, day: int, order: int) -> None:
    gaze = gaze_of(a_chance(traveller))
    assert 0 < gaze.examined(day, order) <= 1
    assert 0 < gaze.perseverance < 1


@given(travellers, days, orders)
def test_later_in_the_day_is_seen_less(traveller: int, day: int, order: int) -> None:
    gaze = gaze_of(a_chance(traveller))
    assert gaze.examined(day, order + 1) < gaze.examined(day, order)


@given(travellers, days, orders)
def test_later_days_are_seen_less(traveller: int, day: int, order: int) -> None:
    gaze = gaze_of(a_chance(traveller))
    assert gaze.examined(day + 1, order) < gaze.examined(day, order)


def test_the_formula_is_the_documented_one() -> None:
    gaze = Gaze(attention=0.9, daily=0.8, severity=0.5, perseverance=0.99)
    assert abs(gaze.examined(3, 4) - 0.9 * 0.8 * 0.8 / 2) < 1e-12
