"""One Idempotency-Key is one trip, and a cell is ranked once, whatever fails meanwhile."""

import asyncio
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.faults import invariants
from tests.faults.proxy import Proxies
from tests.faults.town import Town
from tests.scenarios.traveller import Traveller
from tests.shared.waiting import until
from workflows.stack import Stack

CALLERS = 30

MEANWHILE: dict[str, Callable[[Proxies], None]] = {
    "nothing": lambda proxies: None,
    "redis_reset": lambda proxies: proxies.reset("redis"),
    "redis_deaf": lambda proxies: proxies.swallow("redis"),
    "model_reset": lambda proxies: proxies.reset("anthropic"),
    "model_slow": lambda proxies: proxies.slow("anthropic", latency_s=0.3),
    "index_closed": lambda proxies: (proxies.refuse("qdrant"), proxies.reset("qdrant"))[0],
}


@pytest.fixture
async def traveller(town: Town, stack: Stack) -> Traveller:
    """Someone whose function runs and has asked the model before."""
    await town.trip(days=1)
    await stack.emulator("anthropic").reset()
    return await town.traveller()


QUICK = ("nothing", "redis_deaf", "model_reset")


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(name, marks=() if name in QUICK else (pytest.mark.faults,))
        for name in MEANWHILE
    ],
)
async def test_thirty_requests_with_one_key_are_one_trip_and_rank_each_cell_once_at_most(
    meanwhile: str,
    stack: Stack,
    proxies: Proxies,
    cold_cells: None,
    traveller: Traveller,
    town: Town,
    database: asyncpg.Pool,
) -> None:
    key = str(uuid4())
    asking = [asyncio.create_task(town.try_plan(traveller, key, days=3)) for _ in range(CALLERS)]
    await until(lambda: _claimed(database, key))
    MEANWHILE[meanwhile](proxies)
    await asyncio.gather(*asking)
    assert town.statuses.keys() <= {"plan 201", "plan 409"}, town.statuses
    assert await town.plan(traveller, key, days=3)
    ranked = await _cells_ranked(stack)
    assert max(ranked.values(), default=0) <= 1, ranked
    proxies.heal()
    await invariants.hold(town, database)


async def test_a_trip_whose_process_was_killed_comes_once_its_first_attempt_has_run_out(
    stack: Stack, cold_cells: None, traveller: Traveller, town: Town, database: asyncpg.Pool
) -> None:
    key = str(uuid4())
    await stack.emulator("anthropic").faults(mode="silence", next=1000)
    asking = [asyncio.create_task(_answer(traveller, key)) for _ in range(CALLERS)]
    await until(lambda: _claimed(database, key))
    await until(lambda: _asked(stack))
    await stack.functions.kill("generate_trip")
    answers = Counter(await asyncio.gather(*asking))
    assert answers.keys() <= {409, 502, 503}, answers
    await stack.emulator("anthropic").faults()
    assert await _answer(traveller, key) == 409
    await stack.emulator("pubsub").advance(20)
    again = await asyncio.gather(*(_answer(traveller, key) for _ in range(CALLERS)))
    assert Counter(again).keys() <= {201, 409}
    assert await town.plan(traveller, key)
    assert max((await _cells_ranked(stack)).values(), default=0) <= 1
    await invariants.hold(town, database)


@pytest.mark.parametrize(
    "link",
    [
        "postgres",
        *(pytest.param(link, marks=pytest.mark.faults) for link in ("redis", "anthropic")),
    ],
)
async def test_a_trip_whose_connections_are_reset_all_the_time_is_one_trip_in_the_end(
    link: str,
    stack: Stack,
    proxies: Proxies,
    cold_cells: None,
    town: Town,
    database: asyncpg.Pool,
) -> None:
    planning = asyncio.gather(*(town.trip(days=2) for _ in range(3)))
    for _ in range(10):
        proxies.reset(link)
        await asyncio.sleep(0.05)
    # A claim that could not be given back has run out by now.
    await stack.emulator("pubsub").advance(20)
    await planning
    await invariants.hold(town, database)


async def _answer(traveller: Traveller, key: str) -> int:
    try:
        return (await traveller.plan(key=key)).status_code
    except httpx.TransportError:
        return 502


async def _claimed(database: asyncpg.Pool, key: str) -> bool:
    return bool(await database.fetchval("SELECT 1 FROM idempotency_keys WHERE key = $1", key))


async def _asked(stack: Stack) -> bool:
    return bool((await stack.emulator("anthropic").state())["prompts"])


async def _cells_ranked(stack: Stack) -> Counter[str]:
    """How often the model has answered for each cell."""
    prompts = (await stack.emulator("anthropic").state())["prompts"]
    answered = [prompt["user"] for prompt in prompts if "stop_reason" in prompt]
    return Counter(said.partition("<candidates>")[0] for said in answered if "<ask>" in said)
