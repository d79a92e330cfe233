"""One contract, two indexes: what holds in memory holds in Qdrant."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from qdrant_client.http.exceptions import ResponseHandlingException

from shared.nodes.node import ActivityNode
from shared.nodes.point import IndexAway
from shared.nodes.qdrant import NodeIndex
from shared.runtime.settings import Settings
from tests.builders import a_node, a_point, a_vector, an_id
from tests.fakes import MemoryIndex

Index = MemoryIndex | NodeIndex
QUERY = a_vector("what I like")


@pytest.fixture(params=["memory", "qdrant"])
def index(request: pytest.FixtureRequest) -> Index:
    if request.param == "memory":
        return MemoryIndex()
    found: NodeIndex = request.getfixturevalue("node_index")
    return found


@pytest.fixture
async def nowhere() -> AsyncIterator[NodeIndex]:
    """An index at which nobody listens."""
    lost = NodeIndex(Settings({"QDRANT_URL": "http://127.0.0.1:1"}))
    yield lost
    await lost._client.close()


async def fill(index: Index, space: int, *nodes: ActivityNode) -> None:
    await index.save([a_point(node) for node in nodes], space)


def places(count: int) -> list[ActivityNode]:
    return [a_node(number) for number in range(count)]


async def test_the_nearest_come_first_with_their_cosine(index: Index, space: int) -> None:
    await fill(index, space, *places(20))
    expected = sorted(
        (
            (sum(a * b for a, b in zip(QUERY, a_vector(number), strict=True)), an_id(number))
            for number in range(20)
        ),
        reverse=True,
    )
    found = await index.nearest("seattle", QUERY, space, 5)
    assert [hit.node_id for hit in found] == [node_id for _, node_id in expected[:5]]
    scores = [hit.score for hit in found if hit.score is not None]
    assert scores == pytest.approx([score for score, _ in expected[:5]], abs=1e-5)


async def test_a_search_stays_in_its_city(index: Index, space: int) -> None:
    await fill(index, space, a_node("here"), a_node("there", city="tokyo"))
    found = await index.nearest("seattle", QUERY, space, 200)
    assert [hit.node_id for hit in found] == [an_id("here")]


async def test_hidden_nodes_are_not_found(index: Index, space: int) -> None:
    await fill(index, space, a_node("seen"), a_node("hidden", hidden=True))
    found = await index.nearest("seattle", QUERY, space, 200)
    assert [hit.node_id for hit in found] == [an_id("seen")]


async def test_a_search_goes_past_what_it_is_told_to_leave_out(index: Index, space: int) -> None:
    await fill(index, space, *places(10))
    first = [hit.node_id for hit in await index.nearest("seattle", QUERY, space, 10)]
    rest = [hit.node_id for hit in await index.nearest("seattle", QUERY, space, 4, first[:3])]
    assert rest == first[3:7]


async def test_all_200_candidates_come_of_a_larger_city(index: Index, space: int) -> None:
    await fill(index, space, *places(230))
    assert len(await index.nearest("seattle", QUERY, space, 200)) == 200


async def test_saving_again_replaces_and_never_doubles(index: Index, space: int) -> None:
    await fill(index, space, a_node("x"))
    await fill(index, space, a_node("x", hidden=True))
    assert await index.count("seattle", space) == 1
    assert await index.nearest("seattle", QUERY, space, 9) == []


async def test_a_count_is_of_one_city_and_holds_hidden_nodes_too(index: Index, space: int) -> None:
    await fill(index, space, *places(3), a_node("h", hidden=True), a_node("t", city="tokyo"))
    assert await index.count("seattle", space) == 4


async def test_a_space_that_was_never_filled_is_away(index: Index, space: int) -> None:
    with pytest.raises(IndexAway):
        await index.nearest("seattle", QUERY, space, 1)


async def test_vectors_of_two_spaces_never_meet(index: Index, space: int) -> None:
    await fill(index, space, a_node("old"))
    await fill(index, space + 50_000, a_node("new"))
    found = await index.nearest("seattle", QUERY, space, 9)
    assert [hit.node_id for hit in found] == [an_id("old")]


async def test_a_batch_larger_than_one_call_arrives_whole(
    node_index: NodeIndex, space: int
) -> None:
    point = a_point(a_node("x"))
    await node_index.save([replace(point, id=an_id(n)) for n in range(501)], space)
    assert await node_index.count("seattle", space) == 501


async def test_an_index_that_does_not_answer_says_so(nowhere: NodeIndex, space: int) -> None:
    with pytest.raises(IndexAway):
        await nowhere.nearest("seattle", QUERY, space, 1)
    with pytest.raises(ResponseHandlingException):  # whatever it is, the health check shows it
        await nowhere.check()


async def test_an_index_that_answers_is_well(node_index: NodeIndex) -> None:
    await node_index.check()
