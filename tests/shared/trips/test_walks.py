"""Over random tastes, dates, lengths and paces in the sample city, every plan can be walked."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.trips.assemble import assemble
from shared.trips.brief import eligible, openings_of
from shared.trips.plan import Plan
from shared.trips.validate import validate
from workflows.bench.walks_orders import DayOrder, order_of
from workflows.bench.walks_tastes import a_wish, sample_city


def planned(seed: int, days: int | None = None) -> Plan:
    wish = a_wish(seed, days)
    return assemble(wish.brief, wish.candidates, wish.scores, seed)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_nothing_is_shut_twice_far_out_or_in_haste(seed: int) -> None:
    plan = planned(seed)
    assert validate(plan, sample_city())["violations"] == []
    assert all(len(day.stops) >= 4 for day in plan.days)


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 2**31), days=st.sampled_from([14, 30]))
def test_a_month_is_kept_as_well(seed: int, days: int) -> None:
    plan = planned(seed, days)
    assert validate(plan, sample_city())["violations"] == []
    assert all(len(day.stops) >= 2 for day in plan.days)


def orders(seeds: Sequence[int], days: int) -> list[DayOrder]:
    found = []
    for seed in seeds:
        wish = a_wish(seed, days)
        openings = openings_of(wish.brief, eligible(wish.brief, wish.candidates))
        plan = assemble(wish.brief, wish.candidates, wish.scores, seed)
        found += [order_of(day, openings) for day in plan.days]
    return found


def test_no_order_that_keeps_the_days_rules_is_shorter() -> None:
    assert all(order.to_kept < 1 + 1e-9 for order in orders(range(12), 2))


def test_days_are_near_the_shortest_way_through_their_stops() -> None:
    ratios = sorted(order.to_any for order in orders(range(100, 130), 3))
    assert sum(ratios) / len(ratios) <= 1.13
    assert ratios[int(0.9 * len(ratios))] <= 1.4
