"""A storm over every link and process, from a seed: when it is over, every promise was kept."""

import asyncio
import json
import os
import random
from collections.abc import Iterator
from time import monotonic
from typing import Any

import asyncpg
import pytest

from tests.faults import invariants
from tests.faults.proxy import Proxies
from tests.faults.storm import blow
from tests.faults.town import Planned, Town
from tests.faults.weather import Weather
from workflows.manifest import ROOT
from workflows.stack import Stack

WRITERS = 20
PLANNERS = 3
REPORT = ROOT / "build" / "reports" / "faults.json"


def _seeds() -> list[int]:
    given = os.environ.get("FAULT_SEED", "")
    return [int(seed) for seed in given.split(",")] if given else [1, 2]


@pytest.fixture(scope="module")
def report() -> Iterator[list[dict[str, Any]]]:
    """A line for each storm, in build/reports/faults.json afterwards."""
    storms: list[dict[str, Any]] = []
    yield storms
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps({"storms": storms}, indent=2) + "\n")


def test_a_seed_is_always_the_same_weather() -> None:
    assert list(Weather(7)) == list(Weather(7)) != list(Weather(8))


@pytest.mark.faults
@pytest.mark.parametrize("seed", _seeds())
async def test_after_a_storm_all_that_was_acknowledged_is_there_once(
    seed: int,
    stack: Stack,
    proxies: Proxies,
    town: Town,
    database: asyncpg.Pool,
    report: list[dict[str, Any]],
) -> None:
    weather, began = Weather(seed), monotonic()
    try:
        over = asyncio.Event()
        first = [await town.trip() for _ in range(4)]
        async with asyncio.TaskGroup() as living:
            for number in range(WRITERS):
                chance = random.Random(f"{seed} {number}")
                living.create_task(_write(town, first, chance, over))
            for _ in range(PLANNERS):
                living.create_task(_plan(town, over))
            faults = await blow(weather, stack, proxies)
            over.set()
        await invariants.hold(town, database)
    except BaseException as error:
        error.add_note(str(weather))
        raise
    facts = {
        "seed": seed,
        "seconds": round(monotonic() - began, 1),
        "faults": dict(faults),
        "signals_acknowledged": town.taken,
        "signal_rows": await _rows(town, database),
        "trips": len({planned.trip["id"] for planned in town.planned}),
        "answers": dict(town.statuses),
    }
    report.append(facts)
    assert town.taken > WRITERS


async def _write(
    town: Town, first: list[Planned], chance: random.Random, over: asyncio.Event
) -> None:
    while not over.is_set():
        planned = chance.choice(first)
        bodies = [town.choice(planned, chance) for _ in range(chance.choice((1, 1, 1, 10)))]
        await town.tell(planned.traveller, *bodies)


async def _plan(town: Town, over: asyncio.Event) -> None:
    while not over.is_set():
        await town.trip(days=2)


async def _rows(town: Town, database: asyncpg.Pool) -> int:
    count: int = await database.fetchval(
        "SELECT count(*) FROM behavioral_signals WHERE origin = 'app' AND user_id = ANY ($1)",
        [traveller.id for traveller in town.travellers],
    )
    return count
