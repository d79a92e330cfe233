"""A report as one run would give it, its figures chosen by the test."""

from workflows.bench.cached import Pace
from workflows.bench.cold_start import ColdStart
from workflows.bench.machine import Machine
from workflows.bench.report import Report
from workflows.bench.spread import Spread, spread
from workflows.bench.stack_up import StackUp
from workflows.bench.uncached import Overhead

COMPANY = {"trips_per_second": 40.0, "client_share": 0.03, "elsewhere_cores": 0.2}
CPU = {"cpu_ms_per_trip": {"generate_trip": 12.0, "postgres": 3.0}}


def a_pace(concurrency: int, p95: float = 200.0) -> Pace:
    trip, empty = Spread(100, 30.0, p95, p95, p95), spread([1.0])
    return Pace(concurrency, trip, empty, **COMPANY, **CPU)


def a_report(*, p95: float = 200.0, generate_trip_cpu_s: float = 1.3) -> Report:
    one = spread([100.0])
    cpu = {
        "empty": 0.3,
        "read_trip": 0.4,
        "write_signal": 0.5,
        "generate_trip": generate_trip_cpu_s,
    }
    return Report(
        began_at="2026-11-23T12:00:00+00:00",
        quick=True,
        machine=Machine("a CPU", 2, 8192, "6.1", "3.11.7", {"asyncpg": "0.32"}, "0123456789ab"),
        load_before=(0.1, 0.2, 0.3),
        load_after=(1.1, 1.2, 1.3),
        seconds=48.0,
        stack_up=StackUp([3.0], [1.0], {"postgres": 20.0, "gateway": 40.0}),
        cached=(a_pace(1), a_pace(10, p95)),
        uncached=Overhead(10, 128, 1.667, one, one, one, **COMPANY, **CPU),
        cold_starts={name: [ColdStart(1.0, seconds, 50.0)] for name, seconds in cpu.items()},
        imports={"read_trip": {"pydantic": 27.0}},
    )
