"""Queries return what exact arithmetic over the stored vectors returns."""

import asyncio

import numpy as np
import pytest
from qdrant_client import AsyncQdrantClient, QdrantClient
from qdrant_client.models import (
    ContextPair,
    DiscoverInput,
    DiscoverQuery,
    Distance,
    FieldCondition,
    Filter,
    Fusion,
    FusionQuery,
    HasIdCondition,
    MatchValue,
    OrderBy,
    OrderByQuery,
    PointStruct,
    Prefetch,
    QueryRequest,
    RecommendInput,
    RecommendQuery,
    RecommendStrategy,
    Sample,
    SampleQuery,
    SearchParams,
    SparseVector,
    SparseVectorParams,
    VectorParams,
)

ASKED = [0.3, -1.2, 0.5, 2.0]
SHOWN_SEATTLE = Filter(
    must=[FieldCondition(key="city", match=MatchValue(value="seattle"))],
    must_not=[FieldCondition(key="hidden", match=MatchValue(value=1))],
)


def cosines(vectors: np.ndarray, asked: list[float]) -> np.ndarray:
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine: np.ndarray = units @ (np.array(asked) / np.linalg.norm(asked))
    return cosine


def best(scores: np.ndarray, among: list[int], limit: int) -> list[int]:
    return sorted(among, key=lambda number: -scores[number])[:limit]


def test_the_order_by_cosine_is_numpys_exact_order(
    client: QdrantClient, nodes: str, vectors: np.ndarray
) -> None:
    found = client.query_points(nodes, ASKED, limit=400).points
    scores = cosines(vectors, ASKED)
    assert [point.id for point in found] == best(scores, list(range(400)), 400)
    assert [point.score for point in found] == pytest.approx(sorted(scores, reverse=True), abs=1e-5)


def test_a_filtered_query_returns_the_best_of_the_matches_alone(
    client: QdrantClient, nodes: str, vectors: np.ndarray
) -> None:
    found = client.query_points(nodes, ASKED, query_filter=SHOWN_SEATTLE, limit=25).points
    matches = [number for number in range(400) if number % 2 and number % 10]
    assert [point.id for point in found] == best(cosines(vectors, ASKED), matches, 25)


@pytest.mark.parametrize("distance", [Distance.DOT, Distance.EUCLID, Distance.MANHATTAN])
def test_other_distances_order_as_numpy_does(
    client: QdrantClient, name: str, vectors: np.ndarray, distance: Distance
) -> None:
    client.create_collection(name, VectorParams(size=4, distance=distance))
    client.upload_collection(name, vectors, ids=range(400), wait=True)
    asked = np.array(ASKED)
    scores = {
        Distance.DOT: vectors @ asked,
        Distance.EUCLID: -np.linalg.norm(vectors - asked, axis=1),
        Distance.MANHATTAN: -np.abs(vectors - asked).sum(axis=1),
    }[distance]
    found = client.query_points(name, ASKED, limit=20).points
    assert [point.id for point in found] == best(scores, list(range(400)), 20)


def test_offset_and_limit_cut_a_page_out_of_the_order(client: QdrantClient, nodes: str) -> None:
    whole = client.query_points(nodes, ASKED, limit=30).points
    page = client.query_points(nodes, ASKED, limit=10, offset=20).points
    assert page == whole[20:]


def test_a_score_threshold_leaves_out_the_worse(
    client: QdrantClient, nodes: str, vectors: np.ndarray
) -> None:
    found = client.query_points(nodes, ASKED, limit=400, score_threshold=0.5).points
    assert len(found) == int((cosines(vectors, ASKED) > 0.5).sum())


def test_payload_and_vector_come_only_when_asked_for(client: QdrantClient, nodes: str) -> None:
    [bare] = client.query_points(nodes, ASKED, limit=1, with_payload=False).points
    assert (bare.payload, bare.vector) == (None, None)
    [full] = client.query_points(
        nodes, ASKED, limit=1, with_payload=["city"], with_vectors=True
    ).points
    assert full.payload is not None
    assert set(full.payload) == {"city"}
    assert np.linalg.norm(np.array(full.vector)) == pytest.approx(1)


def test_a_query_by_id_uses_its_vector_and_leaves_itself_out(
    client: QdrantClient, nodes: str, vectors: np.ndarray
) -> None:
    found = client.query_points(nodes, 17, limit=10).points
    others = [number for number in range(400) if number != 17]
    assert [p.id for p in found] == best(cosines(vectors, vectors[17].tolist()), others, 10)


def test_a_named_vector_is_queried_under_its_name(client: QdrantClient, name: str) -> None:
    client.create_collection(
        name,
        {
            "vibe": VectorParams(size=2, distance=Distance.COSINE),
            "look": VectorParams(size=2, distance=Distance.COSINE),
        },
    )
    points = [
        PointStruct(id=1, vector={"vibe": [1.0, 0], "look": [0.0, 1]}),
        PointStruct(id=2, vector={"vibe": [0.0, 1], "look": [1.0, 0]}),
    ]
    client.upsert(name, points, wait=True)
    assert client.query_points(name, [1.0, 0.1], using="vibe", limit=1).points[0].id == 1
    assert client.query_points(name, [1.0, 0.1], using="look", limit=1).points[0].id == 2
    assert client.query_points(name, 1, using="look", limit=1).points[0].id == 2


def test_sparse_vectors_score_by_their_common_indices(client: QdrantClient, name: str) -> None:
    client.create_collection(name, {}, sparse_vectors_config={"words": SparseVectorParams()})
    stored = {1: ([3, 9], [1.0, 2.0]), 2: ([9], [5.0]), 3: ([4], [7.0])}
    points = [
        PointStruct(id=n, vector={"words": SparseVector(indices=i, values=v)})
        for n, (i, v) in stored.items()
    ]
    client.upsert(name, points, wait=True)
    asked = SparseVector(indices=[3, 9], values=[1.0, 1.0])
    found = client.query_points(name, asked, using="words").points
    assert [(point.id, point.score) for point in found] == [(2, 5), (1, 3)]


def test_a_batch_answers_each_query_in_its_place(client: QdrantClient, nodes: str) -> None:
    asked = [[1.0, 0, 0, 0], ASKED]
    requests = [QueryRequest(query=vector, limit=5) for vector in asked]
    answers = client.query_batch_points(nodes, requests)
    alone = [client.query_points(nodes, vector, limit=5, with_payload=False) for vector in asked]
    assert answers == alone


def test_recommending_by_average_moves_away_from_the_disliked(
    client: QdrantClient, nodes: str, vectors: np.ndarray
) -> None:
    query = RecommendQuery(recommend=RecommendInput(positive=[1, 2], negative=[3]))
    found = client.query_points(nodes, query, limit=10).points
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    target = (2 * units[[1, 2]].mean(axis=0) - units[3]).tolist()
    others = [number for number in range(400) if number not in {1, 2, 3}]
    assert [point.id for point in found] == best(cosines(vectors, target), others, 10)


@pytest.mark.parametrize("strategy", [RecommendStrategy.BEST_SCORE, RecommendStrategy.SUM_SCORES])
def test_other_strategies_put_the_nearest_to_the_liked_first(
    client: QdrantClient, nodes: str, vectors: np.ndarray, strategy: RecommendStrategy
) -> None:
    query = RecommendQuery(recommend=RecommendInput(positive=[ASKED], strategy=strategy))
    found = client.query_points(nodes, query, limit=5).points
    assert [p.id for p in found] == best(cosines(vectors, ASKED), list(range(400)), 5)


def test_discovery_prefers_the_side_of_the_liked_example(
    client: QdrantClient, nodes: str, vectors: np.ndarray
) -> None:
    pair = ContextPair(positive=[1.0, 0, 0, 0], negative=[-1.0, 0, 0, 0])
    query = DiscoverQuery(discover=DiscoverInput(target=ASKED, context=[pair]))
    found = client.query_points(nodes, query, limit=20).points
    assert all(vectors[int(point.id), 0] > 0 for point in found)


def test_fusion_puts_first_what_both_prefetches_found(client: QdrantClient, nodes: str) -> None:
    first = client.query_points(nodes, ASKED, limit=1).points[0].id
    only = Filter(must=[HasIdCondition(has_id=[first, 5])])
    fused = client.query_points(
        nodes,
        FusionQuery(fusion=Fusion.RRF),
        prefetch=[
            Prefetch(query=ASKED, limit=10),
            Prefetch(query=[1.0, 1, 1, 1], limit=10, filter=only),
        ],
        limit=10,
    ).points
    assert fused[0].id == first
    assert len({point.id for point in fused}) == 10


def test_a_query_can_order_by_payload_and_sample(client: QdrantClient, indexed_nodes: str) -> None:
    ordered = client.query_points(
        indexed_nodes, OrderByQuery(order_by=OrderBy(key="price")), limit=3
    )
    assert [point.id for point in ordered.points] == [0, 1, 2]
    sampled = client.query_points(indexed_nodes, SampleQuery(sample=Sample.RANDOM), limit=400)
    assert {point.id for point in sampled.points} == set(range(400))


async def test_twenty_queries_at_once_each_get_their_own_answer(
    async_client: AsyncQdrantClient, nodes: str, vectors: np.ndarray
) -> None:
    asked = [vector.tolist() for vector in vectors[:20]]
    answers = await asyncio.gather(
        *(
            async_client.query_points(
                nodes, vector, limit=5, search_params=SearchParams(exact=True)
            )
            for vector in asked
        )
    )
    for vector, answer in zip(asked, answers, strict=True):
        expected = best(cosines(vectors, vector), list(range(400)), 5)
        assert [point.id for point in answer.points] == expected
