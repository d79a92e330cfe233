"""Who comes when."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from emulators.travellers.calendar import MOST_TRIPS, Visit, visits_of
from tests.emulators.travellers.builders import a_chance


def visits(number: int, days: int = 30, *, leave: float = 0) -> list[Visit]:
    return list(visits_of(a_chance(number), days, come_back=0.5, leave=leave))


@given(some.integers(0, 10_000), some.integers(1, 60))
def test_visits_come_in_order_and_within_the_days(number: int, days: int) -> None:
    found = visits(number, days, leave=0.5)
    when = [(visit.day, visit.half == "evening") for visit in found]
    assert when == sorted(when)
    assert all(0 <= visit.day < days for visit in found)


@given(some.integers(0, 10_000))
def test_a_trip_is_planned_before_it_is_looked_at_again(number: int) -> None:
    planned: set[int] = set()
    for visit in visits(number):
        if visit.errand == "plan":
            assert visit.wish is not None
            planned.add(visit.trip)
        assert visit.trip in planned


@given(some.integers(0, 10_000))
def test_who_leaves_does_nothing_afterwards(number: int) -> None:
    errands = [visit.errand for visit in visits(number, 400, leave=1.0)]
    assert errands.index("leave") == len(errands) - 1


def test_some_come_back_for_a_second_and_a_third_trip() -> None:
    trips = Counter(
        sum(visit.errand == "plan" for visit in visits(number, 400)) for number in range(1_000)
    )
    assert abs(trips[1] / 1_000 - 0.5) < 0.05
    assert abs(trips[2] / 1_000 - 0.25) < 0.05
    assert set(trips) == set(range(1, MOST_TRIPS + 1))


def test_nobody_leaves_unless_asked_to() -> None:
    assert not any(visit.errand == "leave" for number in range(200) for visit in visits(number))


def test_everybody_comes_within_a_month() -> None:
    assert all(visits(number) for number in range(500))
