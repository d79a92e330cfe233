"""Candidates come from the index, and from local evidence where it is away; cells never do."""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

import pytest

from shared.nodes.point import IndexAway, Retrieved
from shared.ranking.retrieve import BY_EVIDENCE, BY_VECTOR, Retrieval
from shared.spaces.archetypes import centroid
from tests.builders import a_node, an_id
from tests.fakes import MemoryIndex, MemoryNodes

ME = centroid("food_first")
PLACES = [a_node(number, cross_ref_confidence=number / 300) for number in range(230)]


class CountedIndex(MemoryIndex):
    searches = 0

    async def nearest(
        self,
        city: str,
        vector: Sequence[float],
        space_version: int,
        limit: int,
        without: Iterable[UUID] = (),
    ) -> list[Retrieved]:
        self.searches += 1
        return await super().nearest(city, vector, space_version, limit, without)


def retrieval(index: MemoryIndex, city: str = "seattle") -> Retrieval:
    return Retrieval(index, MemoryNodes(PLACES), city)


async def test_the_200_nearest_come_in_order_of_similarity() -> None:
    found = await retrieval(MemoryIndex(PLACES)).nearest(ME)
    assert len(found) == 200
    similarities = [candidate.similarity for candidate in found]
    assert similarities == sorted(similarities, reverse=True)
    assert (similarities[0], similarities[-1]) == (1.0, 0.0)
    assert {candidate.source for candidate in found} == {BY_VECTOR}


@pytest.mark.parametrize("away", [False, True])
async def test_what_is_to_be_left_out_is_left_out_either_way(away: bool) -> None:
    index = MemoryIndex(PLACES)
    index.away = away
    seen = [an_id(number) for number in range(100)]
    found = await retrieval(index).nearest(ME, seen)
    assert len(found) == 130
    assert not {candidate.node.id for candidate in found} & set(seen)


async def test_without_the_index_the_best_by_evidence_come_and_say_so() -> None:
    index = MemoryIndex(PLACES)
    index.away = True
    found = await retrieval(index).nearest(ME)
    assert [c.node.id for c in found] == [an_id(number) for number in range(229, 29, -1)]
    assert {(c.source, c.retrieval_score) for c in found} == {(BY_EVIDENCE, None)}


async def test_a_node_that_is_in_the_index_alone_is_no_candidate() -> None:
    index = MemoryIndex([*PLACES[:5], a_node("demolished")])
    assert len(await retrieval(index).nearest(ME)) == 5


async def test_an_archetypes_200_are_fetched_once_however_many_cells_ask() -> None:
    index = CountedIndex(PLACES)
    shelf = retrieval(index)
    shelves = await asyncio.gather(*(shelf.of_archetype("food_first") for _ in range(15)))
    assert index.searches == 1
    assert len(shelves[0]) == 200
    await shelf.of_archetype("culture_first")
    assert index.searches == 2


async def test_a_cell_is_never_made_of_what_evidence_alone_brings() -> None:
    index = MemoryIndex(PLACES)
    index.away = True
    with pytest.raises(IndexAway):
        await retrieval(index).of_archetype("food_first")
