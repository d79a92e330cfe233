"""Trips whose cells nobody has ranked yet: what they take beside the language model's own time."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg

from workflows.bench.caller import Request
from workflows.bench.held_queue import held_back
from workflows.bench.load import Load
from workflows.bench.meter import Meter
from workflows.bench.scene import Scene, served_by
from workflows.bench.spread import Spread, spread
from workflows.bench.twins import Twins

TTFT_S: Final = 0.6
TOKENS_PER_S: Final = 120.0
# About what a trip takes: clients that begin a part of it apart come evenly, as travellers do.
_TRIP_S: Final = 2.0
_TOKENS: Final = "SELECT min(output_tokens) FROM llm_calls WHERE purpose = 'rank_cell'"


@dataclass(frozen=True, slots=True)
class Overhead:
    """Milliseconds of trips whose every cell the language model ranked (emulated LLM).

    `overhead_ms` is a trip's wall time less `llm_s`, what the emulator was told to take for one
    cell's ranking of `tokens`; all cells of a trip are asked for at once. `outside_ms` is the wall
    time less the longest of the trip's calls as the function itself timed them.
    """

    concurrency: int
    tokens: int
    llm_s: float
    wall_ms: Spread
    overhead_ms: Spread
    outside_ms: Spread
    trips_per_second: float
    client_share: float
    elsewhere_cores: float
    cpu_ms_per_trip: dict[str, float]


async def measure(scene: Scene, count: int, concurrency: int) -> Overhead:
    """Plan `count` trips, each in a city that has just got another snapshot: no cell is shared."""
    stack = scene.stack
    async with Twins(stack, concurrency) as twins, held_back(stack, "prewarm"):
        await _plan(scene, twins, concurrency)  # a warm-up
        await _set_pace(scene, TTFT_S, TOKENS_PER_S)
        meter = Meter(stack)
        async with meter.running():
            took = await _plan(scene, twins, count)
        await _set_pace(scene, 0, 0)
    tokens = await _tokens(stack.database_url)
    llm_s = TTFT_S + tokens / TOKENS_PER_S
    longest = _longest_calls(stack.data_dir / "logs" / "generate_trip.log")
    return Overhead(
        concurrency=concurrency,
        tokens=tokens,
        llm_s=llm_s,
        wall_ms=spread([1000 * seconds for seconds in took.values()]),
        overhead_ms=spread([1000 * (seconds - llm_s) for seconds in took.values()]),
        outside_ms=spread([1000 * took[trace] - longest[trace] for trace in took]),
        trips_per_second=count / meter.wall_s,
        client_share=meter.client_share,
        elsewhere_cores=meter.elsewhere_cores,
        cpu_ms_per_trip=meter.cpu_ms(count),
    )


async def _plan(scene: Scene, twins: Twins, count: int) -> dict[str, float]:
    """Return the wall seconds of each trip by its trace id; a client stands for each twin."""
    free, took = list(twins.slugs), {}

    async def plan(number: int) -> float:
        trace, slug = uuid4().hex, free.pop()
        await twins.renew(slug, trace[:12])
        answer = await scene.plan(number, city=slug, trace=trace)
        served_by(answer, "model")
        free.append(slug)
        took[trace] = answer.seconds
        return answer.seconds

    await Load(plan).drive(count, len(free), _TRIP_S / len(free))
    return took


async def _set_pace(scene: Scene, ttft_s: float, tokens_per_s: float) -> None:
    url = scene.stack.addresses.http("anthropic") + "/_emulator/options"
    pace = {"ttft_s": ttft_s, "tokens_per_s": tokens_per_s}
    await scene.caller.call(Request("POST", url, pace))


async def _tokens(database_url: str) -> int:
    connection = await asyncpg.connect(database_url)
    try:
        tokens: int = await connection.fetchval(_TOKENS)
    finally:
        await connection.close()
    return tokens


def _longest_calls(log: Path) -> dict[str, float]:
    """Return the milliseconds of each request's longest LLM call, by trace id."""
    longest: dict[str, float] = {}
    for line in log.read_text().splitlines():
        if '"llm.asked"' in line:
            event = json.loads(line)
            trace = event["trace_id"]
            longest[trace] = max(longest.get(trace, 0.0), event["latency_ms"])
    return longest
