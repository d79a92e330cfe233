"""Refusals have Qdrant's status, shape and words."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import UnexpectedResponse
from qdrant_client.models import (
    Distance,
    FormulaQuery,
    OrderBy,
    PointStruct,
    Prefetch,
    RecommendInput,
    RecommendQuery,
    VectorParams,
)

from tests.emulators.qdrant.process import QdrantProcess


def refusal(call: Callable[[], Any]) -> tuple[int | None, str]:
    """The status and the text of `status.error`."""
    with pytest.raises(UnexpectedResponse) as raised:
        call()
    body = raised.value.structured()
    assert body["time"] >= 0
    return raised.value.status_code, body["status"]["error"]


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.get_collection("nobody"),
        lambda client: client.count("nobody"),
        lambda client: client.query_points("nobody", [1.0]),
        lambda client: client.upsert("nobody", [PointStruct(id=1, vector=[1.0])]),
        lambda client: client.get_collection_aliases("nobody"),
    ],
)
def test_an_unknown_collection_is_not_found(
    client: QdrantClient, call: Callable[[QdrantClient], Any]
) -> None:
    text = "Not found: Collection `nobody` doesn't exist!"
    assert refusal(lambda: call(client)) == (404, text)


def test_creating_a_collection_twice_is_a_conflict(client: QdrantClient, empty: str) -> None:
    again = VectorParams(size=4, distance=Distance.COSINE)
    assert refusal(lambda: client.create_collection(empty, again)) == (
        409,
        f"Wrong input: Collection `{empty}` already exists!",
    )


def test_a_vector_of_the_wrong_size_is_refused_and_nothing_of_its_batch_is_kept(
    client: QdrantClient, empty: str
) -> None:
    points = [PointStruct(id=1, vector=[1.0, 0, 0, 0]), PointStruct(id=2, vector=[1.0, 0])]
    text = "Wrong input: Vector dimension error: expected dim: 4, got 2"
    assert refusal(lambda: client.upsert(empty, points, wait=True)) == (400, text)
    assert client.count(empty).count == 0


def test_a_query_of_the_wrong_size_is_refused(client: QdrantClient, nodes: str) -> None:
    text = "Wrong input: Vector dimension error: expected dim: 4, got 3"
    assert refusal(lambda: client.query_points(nodes, [1.0, 2, 3])) == (400, text)


def test_an_unknown_vector_name_is_refused(client: QdrantClient, nodes: str) -> None:
    text = "Wrong input: Not existing vector name error: vibe"
    assert refusal(lambda: client.query_points(nodes, [1.0] * 4, using="vibe")) == (400, text)


def test_an_id_that_is_no_number_and_no_uuid_is_refused(client: QdrantClient, empty: str) -> None:
    text = (
        "Format error in JSON body: value abc is not a valid point ID, "
        "valid values are either an unsigned integer or a UUID"
    )
    assert refusal(lambda: client.retrieve(empty, ["abc"])) == (400, text)
    assert refusal(lambda: client.retrieve(empty, [-1]))[0] == 400


def test_a_query_by_an_unknown_id_is_not_found(client: QdrantClient, nodes: str) -> None:
    assert refusal(lambda: client.query_points(nodes, 4000)) == (
        404,
        "Not found: No point with id 4000",
    )


def test_ordering_by_a_field_without_index_says_what_to_create(
    client: QdrantClient, nodes: str
) -> None:
    status, text = refusal(lambda: client.scroll(nodes, order_by=OrderBy(key="price")))
    assert status == 400
    assert text.startswith("Wrong input: No range index for `order_by` key: `price`.")


def test_a_limit_of_zero_is_invalid(client: QdrantClient, nodes: str) -> None:
    text = "Validation error in JSON body: [limit: value 0 invalid, must be 1 or larger]"
    assert refusal(lambda: client.query_points(nodes, [1.0] * 4, limit=0)) == (422, text)


def test_a_recommendation_without_an_example_is_refused(client: QdrantClient, nodes: str) -> None:
    query = RecommendQuery(recommend=RecommendInput())
    status, text = refusal(lambda: client.query_points(nodes, query))
    assert (status, text[:12]) == (400, "Bad request:")


def test_what_the_emulator_does_not_know_answers_501_with_its_name(
    client: QdrantClient, nodes: str
) -> None:
    status, text = refusal(lambda: client.create_snapshot(nodes))
    assert (status, text.split(": ")[1]) == (501, f"POST /collections/{nodes}/snapshots")
    formula = FormulaQuery(formula=1.0)
    prefetch = Prefetch(query=[1.0] * 4)
    status, text = refusal(lambda: client.query_points(nodes, formula, prefetch=prefetch))
    assert status == 501
    assert "formula" in text


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b'{"query": [1, 2, "x", 4]}',
    b'{"query": [1, 2, null, 4]}',
    b'{"query": {"recommend": 3}}',
    b'{"query": {"fusion": []}}',
    b'{"limit": "10"}',
    b'{"limit": -1}',
    b'{"limit": true}',
    b'{"filter": {"must": [{"key": "city"}]}}',
    b'{"filter": {"must": [{"key": "city", "match": {"value": [1]}}]}}',
    b'{"filter": {"must": [{"key": "city", "match": {"value": 99999999999999999999}}]}}',
    b'{"filter": {"must": [{"key": "price", "range": {"gt": "soon"}}]}}',
    b'{"filter": {"must": [{"key": "price", "range": {"gt": 1, "lt": "2"}}]}}',
    b'{"filter": {"must": [{"key": "a", "geo_radius": {"center": {"lat": 99}, "radius": 1}}]}}',
    b'{"filter": {"must": [{"has_id": ["x"]}]}}',
    b'{"filter": {"perhaps": []}}',
    b'{"with_payload": 3}',
    b'{"prefetch": 3}',
]


@pytest.mark.parametrize("body", BAD_BODIES)
def test_a_malformed_body_is_a_clients_error_never_a_crash(
    server: QdrantProcess, nodes: str, body: bytes
) -> None:
    answer = httpx.post(f"{server.url}/collections/{nodes}/points/query", content=body)
    assert answer.status_code in {400, 422}
    assert answer.json()["status"]["error"]


@pytest.mark.parametrize(
    "points",
    [
        '[{"id": 1}]',
        '[{"id": 1, "vector": [1, 0, 0, 0], "payload": 3}]',
        '[{"id": 1, "vector": {"indices": [1], "values": [1]}}]',
        '[{"id": true, "vector": [1, 0, 0, 0]}]',
        "[7]",
        "7",
    ],
)
def test_a_malformed_point_is_refused(server: QdrantProcess, empty: str, points: str) -> None:
    body = f'{{"points": {points}}}'
    answer = httpx.put(f"{server.url}/collections/{empty}/points?wait=true", content=body)
    assert answer.status_code == 400
