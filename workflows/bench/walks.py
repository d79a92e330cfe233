"""Walks: how near planned days are to their shortest order, at what cost in score and CPU."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from time import perf_counter, process_time

import orjson

from shared.personas.traveller import Pace
from shared.trips.assemble import Walking, assemble
from shared.trips.brief import eligible, openings_of
from shared.trips.plan import Plan
from shared.trips.validate import validate
from workflows.bench import machine
from workflows.bench.spread import Spread, percentile, spread
from workflows.bench.walks_orders import DayOrder, order_of
from workflows.bench.walks_tastes import PACES, Wish, a_wish, sample_city

LENGTHS = (1, 3, 7)
IGNORED = Walking(km_price=0.0, detour_price=0.0, order_price=0.0)

_DAYS_A_TRIP = 3


@dataclass(frozen=True, slots=True)
class Ratio:
    """How planned lengths stand to shortest ones, over `n` days."""

    n: int
    mean: float
    p90: float
    highest: float


@dataclass(frozen=True, slots=True)
class Walks:
    """The days of one pace: lengths against both shortest orders, and the scores of their stops.

    `score_share` is the mean score of the stops over that of plans which ignore walking.
    """

    pace: Pace | None
    to_kept: Ratio
    to_any: Ratio
    km_a_day: float
    stops_a_day: float
    afternoon_ends: float
    score_share: float


@dataclass(frozen=True, slots=True)
class Checked:
    """Random trips, counted by what is wrong with them and what had to bend."""

    trips: int
    days: int
    violations: dict[str, int]
    bent: dict[str, int]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds of assembling one trip from 200 candidates."""

    days: int
    pace: Pace
    cpu_ms: Spread


@dataclass(frozen=True, slots=True)
class WalksReport:
    """All figures; tastes are simulated, places those of the sample city."""

    began_at: str
    machine: machine.Machine
    load_before: tuple[float, float, float]
    load_after: tuple[float, float, float]
    seconds: float
    walks: list[Walks]
    checked: Checked
    costs: list[Cost]

    def write(self, path: Path) -> None:
        """Keep the figures as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2))


def measure(trips: int, say: Callable[[str], None]) -> WalksReport:
    """Plan `trips` random trips and check them; a tenth of them as often for lengths and CPU."""
    began, began_at, load_before = perf_counter(), datetime.now(UTC), machine.load_average()
    few = max(3, trips // 10)
    say(f"lengths of the days of {few * len(PACES)} trips, every order of each tried")
    by_pace = {pace: list(_planned(pace, few)) for pace in PACES}
    walks = [_walks(pace, found) for pace, found in by_pace.items()]
    walks.append(_walks(None, [one for found in by_pace.values() for one in found]))
    say(f"{trips} random trips, checked")
    checked = _checked(range(trips))
    say("CPU by length and pace")
    costs = [_cost(days, pace, few // 2) for days, pace in product(LENGTHS, PACES)]
    return WalksReport(
        began_at=began_at.isoformat(timespec="seconds"),
        machine=machine.describe(),
        load_before=load_before,
        load_after=machine.load_average(),
        seconds=perf_counter() - began,
        walks=walks,
        checked=checked,
        costs=costs,
    )


@dataclass(frozen=True, slots=True)
class _Trip:
    plan: Plan
    ignoring: Plan
    orders: Sequence[DayOrder]


def _planned(pace: Pace, trips: int) -> Iterator[_Trip]:
    for seed in range(trips):
        wish = a_wish(seed, _DAYS_A_TRIP, pace)
        openings = openings_of(wish.brief, eligible(wish.brief, wish.candidates))
        plan = _assembled(wish, seed)
        yield _Trip(
            plan, _assembled(wish, seed, IGNORED), [order_of(day, openings) for day in plan.days]
        )


def _assembled(wish: Wish, seed: int, walking: Walking | None = None) -> Plan:
    return assemble(wish.brief, wish.candidates, wish.scores, seed, walking=walking)


def _walks(pace: Pace | None, trips: Sequence[_Trip]) -> Walks:
    orders = [order for trip in trips for order in trip.orders]
    ends = [
        max(stop.ends_at for stop in day.stops if stop.day_part == "afternoon")
        for trip in trips
        for day in trip.plan.days
    ]
    return Walks(
        pace=pace,
        to_kept=_ratio([order.to_kept for order in orders]),
        to_any=_ratio([order.to_any for order in orders]),
        km_a_day=_mean([order.km for order in orders]),
        stops_a_day=_mean([float(order.stops) for order in orders]),
        afternoon_ends=_mean([end.hour + end.minute / 60 for end in ends]),
        score_share=_score([t.plan for t in trips]) / _score([t.ignoring for t in trips]),
    )


def _checked(seeds: Sequence[int]) -> Checked:
    violations: dict[str, int] = {}
    bent: dict[str, int] = {}
    days = 0
    for seed in seeds:
        plan = _assembled(a_wish(seed), seed)
        report = validate(plan, sample_city())
        days += len(plan.days)
        for counted, found in ((violations, report["violations"]), (bent, report["bent"])):
            for one in found:
                counted[one["rule"]] = counted.get(one["rule"], 0) + 1
    return Checked(len(seeds), days, violations, bent)


def _cost(days: int, pace: Pace, trips: int) -> Cost:
    taken = []
    for seed in range(trips):
        wish = a_wish(seed, days, pace)
        began = process_time()
        _assembled(wish, seed)
        taken.append(1000 * (process_time() - began))
    return Cost(days, pace, spread(taken))


def _ratio(values: Sequence[float]) -> Ratio:
    ordered = sorted(values)
    return Ratio(len(ordered), _mean(ordered), percentile(ordered, 0.9), ordered[-1])


def _score(plans: Sequence[Plan]) -> float:
    return _mean([stop.score.blended for plan in plans for stop in plan.stops()])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
