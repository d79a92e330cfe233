"""Trips from the cache, beside an empty function behind the same gateway."""

from dataclasses import dataclass

from workflows.bench.load import Load
from workflows.bench.meter import Meter
from workflows.bench.scene import Scene
from workflows.bench.spread import Spread

_WARM_UP = 10
# Requests of one kind before the other's turn: few enough that both meet the same machine.
_BLOCK_ALONE = 10
_BLOCK_TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Pace:
    """Milliseconds of trips and of empty calls in one run, and who took the CPU meanwhile."""

    concurrency: int
    trip_ms: Spread
    empty_ms: Spread
    trips_per_second: float
    client_share: float
    elsewhere_cores: float
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
    trips, empties, meter = Load(scene.plan_cached), Load(scene.ask_empty), Meter(scene.stack)
    block = _BLOCK_ALONE if concurrency == 1 else _BLOCK_TOGETHER
    for done in range(0, count, block):
        size = min(block, count - done)
        async with meter.running():
            await trips.drive(size, concurrency)
        await empties.drive(size, concurrency)
    return Pace(
        concurrency=concurrency,
        trip_ms=trips.ms,
        empty_ms=empties.ms,
        trips_per_second=count / meter.wall_s,
        client_share=meter.client_share,
        elsewhere_cores=meter.elsewhere_cores,
        cpu_ms_per_trip=meter.cpu_ms(count),
    )
