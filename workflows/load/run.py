"""The seed's load on signals: a burst, a steady stream with a consumer killed, and the limits."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from workflows.bench import machine, tree
from workflows.bench.caller import Caller
from workflows.bench.machine import Machine
from workflows.bench.meter import Meter
from workflows.bench.scene import prepare
from workflows.load import generator
from workflows.load.audit import Audit, audit, kill_after
from workflows.load.capacity import Search, search
from workflows.load.crowd import gather_crowd, nothing
from workflows.load.generator import Outcome, Traffic
from workflows.stack import Stack

CONSUMER = "store_signal"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is sent: writers at once, signals per second, and for how many seconds."""

    travellers: int
    burst: int
    rate: float
    steady_s: float
    cpu_s: float
    step_s: float


FULL = Sizes(travellers=40, burst=500, rate=250, steady_s=60, cpu_s=20, step_s=8)
QUICK = Sizes(travellers=10, burst=500, rate=100, steady_s=8, cpu_s=4, step_s=2)


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds per request by process, the load generator's among them, at one rate."""

    rate: float
    outcome: Outcome
    cpu_ms: Mapping[str, float]
    elsewhere_cores: float


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the load on signals."""

    began_at: str
    quick: bool
    machine: Machine
    seconds: float
    burst: Outcome
    burst_audit: Audit
    steady: Outcome
    steady_audit: Audit
    signal_cost: Cost
    empty_cost: Cost
    signal_capacity: Search
    empty_capacity: Search

    @property
    def capacity_share(self) -> float:
        """The signals' highest rate as a share of the empty function's; the goal is a quarter."""
        return self.signal_capacity.highest / max(1.0, self.empty_capacity.highest)


class Load:
    """One stack under load."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self._stack = stack
        self._folder = folder

    async def send(self, traffic: Traffic, count: int, rate: float) -> Outcome:
        """Send and let what follows settle."""
        return await generator.send(self._stack.gateway_url, traffic, count, rate, self._folder)

    async def cost(self, traffic: Traffic, rate: float, seconds: float) -> Cost:
        """Send at one rate and return what a request costs, what follows it included."""
        meter, count = Meter(self._stack), int(rate * seconds)
        async with meter.running():
            outcome = await self.send(traffic, count, rate)
            await self._stack.emulator("pubsub").until_idle(120)
        generated = 1000 * outcome.generator_cpu_s / count
        elsewhere = meter.elsewhere_cores - outcome.generator_cpu_s / meter.wall_s
        cpu_ms = {**meter.cpu_ms(count), "load generator": generated}
        return Cost(rate, outcome, cpu_ms, max(0.0, elsewhere))

    async def capacity(self, traffic: Traffic, first: float, seconds: float) -> Search:
        """Search the highest rate that holds; backlogs end before the next try."""

        async def attempt(rate: float) -> Outcome:
            outcome = await self.send(traffic, int(rate * seconds), rate)
            await self._stack.emulator("pubsub").until_idle(120)
            return outcome

        return await search(attempt, first)


async def measure(folder: Path, say: Callable[[str], None], *, quick: bool) -> Report:
    """Run everything in an empty folder and stop what was started; raises RequestFailed."""
    sizes = QUICK if quick else FULL
    began, began_at = perf_counter(), datetime.now(UTC)
    root = tree.plant(folder / "tree")
    async with Stack(folder / "data", root=root) as stack, Caller() as caller:
        say("seeding Seattle, planning the travellers' trips")
        scene = await prepare(stack, caller)
        signals, load = await gather_crowd(scene, sizes.travellers), Load(stack, folder)
        for traffic in (signals, nothing()):
            await load.send(traffic, 50, 50)
        say(f"{sizes.burst} writers at once")
        burst = await load.send(signals, sizes.burst, 0)
        burst_audit = await audit(stack, burst.accepted, perf_counter())
        say(f"{sizes.rate:g} signals/s for {sizes.steady_s:g} s, a consumer killed in the middle")
        steady, _ = await asyncio.gather(
            load.send(signals, int(sizes.rate * sizes.steady_s), sizes.rate),
            kill_after(stack, CONSUMER, sizes.steady_s / 2),
        )
        steady_audit = await audit(stack, steady.accepted, perf_counter())
        say("what a signal costs beside an empty call")
        signal_cost = await load.cost(signals, sizes.rate, sizes.cpu_s)
        empty_cost = await load.cost(nothing(), sizes.rate, sizes.cpu_s)
        say("the highest rates")
        signal_capacity = await load.capacity(signals, 100, sizes.step_s)
        empty_capacity = await load.capacity(nothing(), 400, sizes.step_s)
    return Report(
        began_at=began_at.isoformat(timespec="seconds"),
        quick=quick,
        machine=machine.describe(),
        seconds=perf_counter() - began,
        burst=burst,
        burst_audit=burst_audit,
        steady=steady,
        steady_audit=steady_audit,
        signal_cost=signal_cost,
        empty_cost=empty_cost,
        signal_capacity=signal_capacity,
        empty_capacity=empty_capacity,
    )
