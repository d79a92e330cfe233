"""What was acknowledged is one row: whatever is killed, delivered twice or out of order."""

import asyncio
import random
from time import monotonic

import asyncpg
import pytest

from tests.faults import invariants
from tests.faults.town import Planned, Town
from tests.scenarios.engines import kill
from workflows.stack import Stack

WRITERS = 20


async def write(town: Town, planned: list[Planned], count: int) -> None:
    """Sends so many signals over all the trips, twenty at a time, each until it is acknowledged."""
    chance = random.Random(count)
    left = [(each.traveller, town.choice(each, chance)) for each in planned for _ in range(count)]

    async def writer() -> None:
        while left:
            await town.tell(*left.pop())

    async with asyncio.TaskGroup() as writing:
        for _ in range(WRITERS):
            writing.create_task(writer())


async def trips(town: Town, count: int) -> list[Planned]:
    """Trips of as many travellers."""
    return [await town.trip() for _ in range(count)]


@pytest.mark.parametrize(
    "engine", ["postgres", "emulators", pytest.param("redis", marks=pytest.mark.faults)]
)
async def test_signals_written_while_an_engine_is_killed_are_each_one_row(
    engine: str, stack: Stack, town: Town, database: asyncpg.Pool
) -> None:
    writing = asyncio.create_task(write(town, await trips(town, 4), 75))
    await town.until_taken(60)
    await kill(stack, engine)
    planning = asyncio.create_task(trips(town, 2))
    await asyncio.gather(writing, planning)
    assert town.taken == 300
    await invariants.hold(town, database)


@pytest.mark.parametrize(
    "function", ["store_signal", pytest.param("write_signal", marks=pytest.mark.faults)]
)
async def test_signals_written_while_a_function_is_killed_are_each_one_row(
    function: str, stack: Stack, town: Town, database: asyncpg.Pool
) -> None:
    writing = asyncio.create_task(write(town, await trips(town, 4), 50))
    for taken in (40, 80):
        await town.until_taken(taken)
        await stack.functions.kill(function)
    await writing
    await invariants.hold(town, database)


async def test_a_batch_whose_engine_is_killed_is_acknowledged_whole_and_is_stored_whole(
    stack: Stack, town: Town, database: asyncpg.Pool
) -> None:
    planned = await trips(town, 4)

    async def writer(planned: Planned) -> None:
        for _ in range(4):
            bodies = [town.choice(planned) for _ in range(25)]
            await town.tell(planned.traveller, *bodies)

    writing = asyncio.gather(*map(writer, planned))
    await town.until_taken(100)
    await kill(stack, "emulators")
    await writing
    assert town.taken == 400
    await invariants.hold(town, database)


@pytest.mark.parametrize("fault", ["duplicate_next", "reorder_next"])
async def test_deliveries_that_come_twice_or_out_of_order_are_each_one_row(
    fault: str, stack: Stack, town: Town, database: asyncpg.Pool
) -> None:
    planned = await trips(town, 2)
    await stack.emulator("pubsub").faults(**{fault: 100})
    await write(town, planned, 40)
    await stack.emulator("pubsub").until_idle()
    assert (await stack.emulator("pubsub").state())["faults"][fault] < 100
    await stack.emulator("pubsub").faults()
    await invariants.hold(town, database)


@pytest.mark.parametrize(
    "function",
    [
        "write_signal",
        pytest.param("store_signal", marks=pytest.mark.faults),
        pytest.param("generate_trip", marks=pytest.mark.faults),
    ],
)
async def test_a_function_told_to_end_under_load_finishes_its_calls_within_eight_seconds(
    function: str, stack: Stack, town: Town, database: asyncpg.Pool
) -> None:
    writing = asyncio.create_task(write(town, await trips(town, 3), 40))
    await town.until_taken(30)
    planning = asyncio.create_task(trips(town, 3))
    began = monotonic()
    await stack.functions.stop(function)
    assert monotonic() - began < 8
    await asyncio.gather(writing, planning)
    assert town.statuses.keys() == {"plan 201", "tell 202"}, town.statuses
    await invariants.hold(town, database)
