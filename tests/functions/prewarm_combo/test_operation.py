"""A cell and its sentences are made once, before they are needed, or the task comes again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from functions.prewarm_combo.operation import CellNotMade, Ports, prewarm
from shared.nodes.city import CityUnknown
from shared.ranking.cells import Cell
from shared.ranking.rank_cells import CellRanker
from shared.runtime.errors import FieldsRefused, TryAgain
from shared.spend.llm import LlmUnavailable, Outcome, Question
from shared.trips.narrate import narrative_key
from tests.builders import a_cell_ranking, a_city, a_node, an_edition
from tests.fakes import MemoryCells, MemoryIndex, MemoryNodes, ScriptedLlm, plain_answer
from workflows.manifest import ROOT

PAYLOAD = {"city": "seattle", "archetype": "food_first", "day_part": "evening", "trip_day": 2}
CELL = Cell("food_first", "evening", 2)
KEY = an_edition().key(CELL)
EXAMPLE = json.loads((ROOT / "functions/prewarm_combo/example.json").read_text())


class Narratives:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def read(self, keys: Sequence[str]) -> dict[str, str]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    async def put(self, sentences: Mapping[str, str]) -> None:
        self.kept.update(sentences)


class World:
    def __init__(self, llm: ScriptedLlm | None = None) -> None:
        self.places = [a_node(number) for number in range(40)]
        self.cells, self.narratives = MemoryCells(), Narratives()
        self.llm = llm or ScriptedLlm()
        self.index = MemoryIndex(self.places)

    async def prewarm(self, payload: Mapping[str, Any] = PAYLOAD) -> None:
        nodes = MemoryNodes(self.places, [a_city()])
        ranker = CellRanker(self.cells, self.llm)
        await prewarm(payload, Ports(nodes, self.index, ranker, self.narratives, self.llm))

    def asked(self) -> list[str]:
        return [question.purpose for question in self.llm.asked]


async def test_an_absent_cell_is_ranked_and_each_of_its_places_worded() -> None:
    world = World()
    await world.prewarm()
    assert world.asked() == ["rank_cell", "narrate"]
    entries = world.cells.kept[KEY].entries
    assert set(world.narratives.kept) == {
        narrative_key(entry.node_id, "food_first", "evening") for entry in entries
    }
    assert len(world.narratives.kept) == 24


async def test_a_second_delivery_costs_no_call() -> None:
    world = World()
    await world.prewarm()
    world.llm.asked.clear()
    await world.prewarm()
    assert world.asked() == []


async def test_only_the_sentences_that_are_missing_are_asked_for() -> None:
    world = World()
    world.cells.kept[KEY] = a_cell_ranking(1, 2, 3)
    known = narrative_key(world.places[2].id, "food_first", "evening")
    world.narratives.kept = {known: "Known."}
    await world.prewarm()
    (question,) = world.llm.asked
    assert question.purpose == "narrate"
    assert question.text.count("name: ") == 2
    assert world.narratives.kept[known] == "Known."


async def test_a_place_that_is_gone_since_is_not_worded() -> None:
    world = World()
    world.cells.kept[KEY] = a_cell_ranking(1, "demolished")
    await world.prewarm()
    assert len(world.narratives.kept) == 1


async def test_a_cell_whose_places_are_all_gone_asks_nothing() -> None:
    world = World()
    world.cells.kept[KEY] = a_cell_ranking("demolished", "burnt down")
    await world.prewarm()
    assert world.asked() == []


@pytest.mark.parametrize("outcome", ["rate_limited", "overloaded", "failed", "garbage", "late"])
async def test_a_cell_that_the_model_fails_to_rank_comes_again(outcome: Outcome) -> None:
    world = World(ScriptedLlm(failure=outcome))
    with pytest.raises(CellNotMade, match=f"food_first/evening/2 was not ranked: {outcome}"):
        await world.prewarm()
    assert issubclass(CellNotMade, TryAgain)
    assert world.cells.kept == {}


async def test_a_borrowed_ranking_is_not_taken_for_the_cell() -> None:
    world = World(ScriptedLlm(failure="overloaded"))
    world.cells.kept[an_edition().key(Cell("food_first", "evening", 3))] = a_cell_ranking(1)
    with pytest.raises(CellNotMade, match="was not ranked: overloaded"):
        await world.prewarm()
    assert world.asked() == ["rank_cell"]


async def test_with_the_index_away_no_cell_is_made_of_other_candidates() -> None:
    world = World()
    world.index.away = True
    with pytest.raises(CellNotMade):
        await world.prewarm()
    assert world.cells.kept == {}


async def test_a_cell_without_words_keeps_its_ranking_and_comes_again() -> None:
    def speechless(question: Question) -> dict[str, Any]:
        if question.purpose == "narrate":
            raise LlmUnavailable("refused")
        return plain_answer(question)

    world = World(ScriptedLlm(speechless))
    with pytest.raises(CellNotMade, match="was not worded: refused"):
        await world.prewarm()
    assert list(world.cells.kept) == [KEY]


@pytest.mark.parametrize(
    "change",
    [{"trip_day": 0}, {"trip_day": 6}, {"archetype": "shoppers"}, {"day_part": "night"}, {"x": 1}],
)
async def test_a_payload_that_names_no_cell_is_refused_for_good(change: dict[str, object]) -> None:
    with pytest.raises(FieldsRefused) as refused:
        await World().prewarm({**PAYLOAD, **change})
    assert not isinstance(refused.value, TryAgain)


async def test_a_city_that_is_not_seeded_ends_the_task() -> None:
    with pytest.raises(CityUnknown):
        await World().prewarm({**PAYLOAD, "city": "tokyo"})


async def test_the_shipped_example_is_a_payload() -> None:
    await World().prewarm(EXAMPLE)
