"""Cells come from the cache, else the model, else the ladder: one flight a key, never an error."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.nodes.node import ActivityNode
from shared.ranking.cells import Cell, cells_of_trip
from shared.ranking.rank_cells import CellRanker
from shared.spaces.archetypes import Archetype
from shared.spend.llm import Outcome
from tests.builders import a_cell_ranking, a_node, an_edition
from tests.fakes import MemoryCells, ScriptedLlm

EDITION = an_edition()
CELLS = cells_of_trip("food_first", 3)
NODES = [a_node(number) for number in range(40)]


class Shelf:
    async def of_archetype(self, archetype: Archetype) -> Sequence[ActivityNode]:
        return NODES


async def test_cached_cells_cost_no_call() -> None:
    cache, llm = MemoryCells(), ScriptedLlm()
    cache.kept = {EDITION.key(cell): a_cell_ranking(1, 2) for cell in CELLS}
    results = await CellRanker(cache, llm).rank(CELLS, EDITION, Shelf(), 1)
    assert {result.served.rung for result in results.values()} == {"cache"}
    assert llm.asked == []


async def test_missing_cells_are_asked_for_once_each_and_kept() -> None:
    cache, llm = MemoryCells(), ScriptedLlm()
    results = await CellRanker(cache, llm).rank(CELLS, EDITION, Shelf(), 1)
    assert {result.served.rung for result in results.values()} == {"model"}
    assert len(llm.asked) == len(CELLS)
    assert set(cache.kept) == {EDITION.key(cell) for cell in CELLS}


async def test_requests_that_miss_the_same_cell_share_one_flight() -> None:
    cache, llm = MemoryCells(), ScriptedLlm()
    llm.hold = asyncio.Event()
    ranker = CellRanker(cache, llm)
    requests = [asyncio.create_task(ranker.rank(CELLS[:1], EDITION, Shelf(), 1)) for _ in range(30)]
    await asyncio.sleep(0)
    llm.hold.set()
    results = await asyncio.gather(*requests)
    assert len(llm.asked) == 1
    assert all(result[CELLS[0]].ranking is not None for result in results)


async def test_two_processes_share_one_flight_through_the_cache() -> None:
    cache = MemoryCells()
    first, second = ScriptedLlm(), ScriptedLlm()
    first.hold = asyncio.Event()
    here = asyncio.create_task(CellRanker(cache, first).rank(CELLS[:1], EDITION, Shelf(), 1))
    await first.was_asked.wait()
    there = asyncio.create_task(CellRanker(cache, second).rank(CELLS[:1], EDITION, Shelf(), 1))
    await asyncio.sleep(0)
    first.hold.set()
    one, other = await asyncio.gather(here, there)
    assert second.asked == []
    assert one[CELLS[0]].ranking == other[CELLS[0]].ranking


@pytest.mark.parametrize("failure", ["rate_limited", "overloaded", "failed", "garbage", "refused"])
async def test_a_failed_model_steps_down_to_quality_when_nothing_is_cached(
    failure: Outcome,
) -> None:
    ranker = CellRanker(MemoryCells(), ScriptedLlm(failure=failure))
    results = await ranker.rank(CELLS, EDITION, Shelf(), 1)
    assert {result.served.rung for result in results.values()} == {"quality"}
    assert {result.served.failure for result in results.values()} == {failure}


async def test_a_failed_cell_borrows_another_day_before_another_archetype() -> None:
    cache = MemoryCells()
    wanted = Cell("food_first", "morning", 1)
    cache.kept[EDITION.key(Cell("culture_first", "morning", 1))] = a_cell_ranking("stranger")
    ranker = CellRanker(cache, ScriptedLlm(failure="overloaded"))
    borrowed = (await ranker.rank([wanted], EDITION, Shelf(), 1))[wanted]
    assert borrowed.served.rung == "nearest_archetype"

    cache.kept[EDITION.key(Cell("food_first", "morning", 4))] = a_cell_ranking("sibling")
    borrowed = (await ranker.rank([wanted], EDITION, Shelf(), 1))[wanted]
    assert borrowed.served.rung == "cache"
    assert borrowed.ranking == a_cell_ranking("sibling")


async def test_silence_ends_at_the_deadline() -> None:
    llm = ScriptedLlm()
    llm.hold = asyncio.Event()
    results = await CellRanker(MemoryCells(), llm).rank(CELLS[:1], EDITION, Shelf(), 0.05)
    assert results[CELLS[0]].served.failure == "late"


async def test_without_the_cache_the_model_still_ranks() -> None:
    cache, llm = MemoryCells(), ScriptedLlm()
    cache.away = True
    results = await CellRanker(cache, llm).rank(CELLS, EDITION, Shelf(), 1)
    assert {result.served.rung for result in results.values()} == {"model"}
