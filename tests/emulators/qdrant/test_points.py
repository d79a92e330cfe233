"""Points are written, changed, deleted and read back."""

from uuid import UUID

import numpy as np
import pytest
from qdrant_client import QdrantClient
from qdrant_client.models import (
    Batch,
    DeleteOperation,
    Direction,
    Distance,
    FieldCondition,
    Filter,
    FilterSelector,
    MatchValue,
    OrderBy,
    PayloadSelectorExclude,
    PointIdsList,
    PointsList,
    PointStruct,
    PointVectors,
    SetPayload,
    SetPayloadOperation,
    SparseVector,
    SparseVectorParams,
    UpdateStatus,
    UpsertOperation,
    VectorParams,
)

UUID_ID = "6a1e5c1e-0d51-4a4d-9a6e-2f1d2c3b4a59"
TOKYO = Filter(must=[FieldCondition(key="city", match=MatchValue(value="tokyo"))])


def test_a_point_is_read_back_with_payload_and_unit_vector(
    client: QdrantClient, empty: str
) -> None:
    payload = {"name": "Pike Place", "tags": ["view"], "open": {"mon": [9, 18.5]}, "note": None}
    client.upsert(
        empty, [PointStruct(id=UUID_ID, vector=[3.0, 0, 4, 0], payload=payload)], wait=True
    )
    [point] = client.retrieve(empty, [UUID_ID], with_vectors=True)
    assert (point.id, point.payload) == (UUID_ID, payload)
    assert point.vector == pytest.approx([0.6, 0, 0.8, 0])


def test_waiting_says_completed_and_not_waiting_acknowledged(
    client: QdrantClient, empty: str
) -> None:
    point = PointStruct(id=1, vector=[1.0, 0, 0, 0])
    assert client.upsert(empty, [point], wait=True).status == UpdateStatus.COMPLETED
    assert client.upsert(empty, [point], wait=False).status == UpdateStatus.ACKNOWLEDGED


def test_a_second_upsert_replaces_the_whole_point(client: QdrantClient, empty: str) -> None:
    client.upsert(empty, [PointStruct(id=1, vector=[1.0, 0, 0, 0], payload={"a": 1})], wait=True)
    client.upsert(empty, [PointStruct(id=1, vector=[0.0, 1, 0, 0], payload={"b": 2})], wait=True)
    [point] = client.retrieve(empty, [1], with_vectors=True)
    assert (point.payload, point.vector) == ({"b": 2}, [0.0, 1, 0, 0])
    assert client.count(empty).count == 1


def test_a_batch_of_columns_is_upserted(client: QdrantClient, empty: str) -> None:
    batch = Batch(
        ids=[1, UUID_ID], vectors=[[1.0, 0, 0, 0], [0.0, 1, 0, 0]], payloads=[{"n": 1}, {}]
    )
    client.upsert(empty, batch, wait=True)
    found = client.retrieve(empty, [1, UUID_ID])
    assert {point.id: point.payload for point in found} == {1: {"n": 1}, UUID_ID: {}}


def test_named_dense_and_sparse_vectors_are_kept_apart(client: QdrantClient, name: str) -> None:
    client.create_collection(
        name,
        {"vibe": VectorParams(size=2, distance=Distance.DOT)},
        sparse_vectors_config={"words": SparseVectorParams()},
    )
    words = SparseVector(indices=[3, 9], values=[0.5, 2])
    client.upsert(name, [PointStruct(id=1, vector={"vibe": [1.0, 2], "words": words})], wait=True)
    [point] = client.retrieve(name, [1], with_vectors=True)
    assert point.vector == {"vibe": [1.0, 2], "words": words}
    [point] = client.retrieve(name, [1], with_vectors=["vibe"])
    assert point.vector == {"vibe": [1.0, 2]}


def test_points_are_deleted_by_id_and_by_filter(client: QdrantClient, own_nodes: str) -> None:
    client.delete(own_nodes, PointIdsList(points=[1, 3]), wait=True)
    assert client.count(own_nodes).count == 398
    client.delete(own_nodes, FilterSelector(filter=TOKYO), wait=True)
    assert client.count(own_nodes).count == 198
    assert client.retrieve(own_nodes, [0, 1, 2, 3]) == []


def test_payload_is_set_overwritten_deleted_and_cleared(
    client: QdrantClient, own_nodes: str
) -> None:
    client.set_payload(own_nodes, {"hidden": 1}, points=[4], wait=True)
    assert client.retrieve(own_nodes, [4])[0].payload == {
        "city": "tokyo",
        "hidden": 1,
        "price": 0.4,
        "tags": ["loud"],
    }
    client.delete_payload(own_nodes, ["price", "tags"], points=[4], wait=True)
    assert client.retrieve(own_nodes, [4])[0].payload == {"city": "tokyo", "hidden": 1}
    client.overwrite_payload(own_nodes, {"only": "this"}, points=[4], wait=True)
    assert client.retrieve(own_nodes, [4])[0].payload == {"only": "this"}
    client.clear_payload(own_nodes, PointIdsList(points=[4]), wait=True)
    assert client.retrieve(own_nodes, [4])[0].payload == {}


def test_payload_is_set_where_a_filter_matches(client: QdrantClient, own_nodes: str) -> None:
    client.set_payload(own_nodes, {"country": "jp"}, points=TOKYO, wait=True)
    japan = Filter(must=[FieldCondition(key="country", match=MatchValue(value="jp"))])
    assert client.count(own_nodes, japan).count == 200


def test_payload_is_set_under_a_key(client: QdrantClient, own_nodes: str) -> None:
    client.set_payload(own_nodes, {"mon": 9}, points=[4], key="open", wait=True)
    assert client.retrieve(own_nodes, [4], with_payload=["open"])[0].payload == {"open": {"mon": 9}}


def test_vectors_are_updated_without_touching_the_payload(
    client: QdrantClient, own_nodes: str
) -> None:
    client.update_vectors(own_nodes, [PointVectors(id=4, vector=[0.0, 0, 0, 2])], wait=True)
    [point] = client.retrieve(own_nodes, [4], with_vectors=True)
    assert point.vector == [0, 0, 0, 1]
    assert point.payload is not None
    assert point.payload["city"] == "tokyo"


def test_a_batch_of_operations_is_applied_in_order(client: QdrantClient, empty: str) -> None:
    point = PointStruct(id=1, vector=[1.0, 0, 0, 0], payload={"n": 1})
    other = PointStruct(id=2, vector=[0.0, 1, 0, 0])
    client.batch_update_points(
        empty,
        [
            UpsertOperation(upsert=PointsList(points=[point, other])),
            SetPayloadOperation(set_payload=SetPayload(payload={"n": 2}, points=[1])),
            DeleteOperation(delete=PointIdsList(points=[2])),
        ],
        wait=True,
    )
    assert [(p.id, p.payload) for p in client.scroll(empty)[0]] == [(1, {"n": 2})]


def test_payload_fields_are_selected(client: QdrantClient, nodes: str) -> None:
    [point] = client.retrieve(nodes, [4], with_payload=["city"])
    assert point.payload == {"city": "tokyo"}
    [point] = client.retrieve(
        nodes, [4], with_payload=PayloadSelectorExclude(exclude=["tags", "price"])
    )
    assert point.payload == {"city": "tokyo", "hidden": 0}
    [point] = client.retrieve(nodes, [4], with_payload=False)
    assert point.payload is None


def test_scrolling_pages_through_every_match_once(client: QdrantClient, nodes: str) -> None:
    seen, offset = [], None
    while True:
        page, offset = client.scroll(nodes, TOKYO, limit=64, offset=offset)
        seen += [point.id for point in page]
        if offset is None:
            break
    assert seen == list(range(0, 400, 2))


def test_scrolling_by_an_indexed_number_follows_its_order(
    client: QdrantClient, indexed_nodes: str
) -> None:
    page, _ = client.scroll(
        indexed_nodes, limit=3, order_by=OrderBy(key="price", direction=Direction.DESC)
    )
    assert [point.id for point in page] == [399, 398, 397]


def test_counts_follow_the_filter(client: QdrantClient, nodes: str) -> None:
    assert (client.count(nodes).count, client.count(nodes, TOKYO).count) == (400, 200)


def test_facets_count_the_values_of_an_indexed_field(
    client: QdrantClient, indexed_nodes: str
) -> None:
    hits = client.facet(indexed_nodes, "tags", exact=True).hits
    assert {hit.value: hit.count for hit in hits} == {"loud": 266, "quiet": 134, "view": 134}


def test_numpy_vectors_and_uuid_ids_are_taken(client: QdrantClient, empty: str) -> None:
    client.upload_collection(
        empty, np.eye(4, dtype=np.float32), ids=[UUID(int=n) for n in range(4)], wait=True
    )
    assert client.count(empty).count == 4
