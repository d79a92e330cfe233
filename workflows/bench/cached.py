"""Trips from the cache, beside an empty function behind the same gateway."""

from collections import Counter
from dataclasses import dataclass

from workflows.bench.footprint import cpu_seconds, parts
from workflows.bench.load import Load
from workflows.bench.scene import Scene
from workflows.bench.spread import Spread, spread

TOGETHER = 10
_WARM_UP = 10
# Requests of one kind before the other's turn: few enough that both meet the same machine.
_BLOCK_ALONE = 10
_BLOCK_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Pace:
    """Milliseconds of trips and empty calls in one run, and what the client took of a core."""

    concurrency: int
    trip_ms: Spread
    empty_ms: Spread
    trips_per_second: float
    client_share: float
    cpu_ms_per_trip: dict[str, float]

    @property
    def ratio_p50(self) -> float:
        """How many empty calls a trip takes, at the median."""
        return self.trip_ms.p50 / self.empty_ms.p50

    @property
    def ratio_p95(self) -> float:
        """How many empty calls a trip takes, at the 95th percentile."""
        return self.trip_ms.p95 / self.empty_ms.p95


async def measure(scene: Scene, count: int, concurrency: int) -> Pace:
    """Plan `count` trips and ask the empty function as often, block by block, after a warm-up."""
    for ask in (scene.plan_cached, scene.ask_empty):
        await Load(ask).drive(_WARM_UP, concurrency)
    trips, empties = Load(scene.plan_cached), Load(scene.ask_empty)
    spent: Counter[str] = Counter()
    block = _BLOCK_ALONE if concurrency == 1 else _BLOCK_TOGETHER
    for done in range(0, count, block):
        size = min(block, count - done)
        before = await _cpu(scene)
        await trips.drive(size, concurrency)
        spent.update(await _cpu(scene) - before)
        await empties.drive(size, concurrency)
    return Pace(
        concurrency=concurrency,
        trip_ms=_ms(trips),
        empty_ms=_ms(empties),
        trips_per_second=trips.per_second,
        client_share=trips.client_share,
        cpu_ms_per_trip={name: 1000 * s / count for name, s in spent.most_common() if s > 0},
    )


async def _cpu(scene: Scene) -> Counter[str]:
    status = await scene.stack.status()
    return Counter({name: cpu_seconds(pids) for name, pids in parts(status).items()})


def _ms(load: Load) -> Spread:
    return spread([1000 * seconds for seconds in load.seconds])
