"""What was answered is there after a restart and after kill -9."""

from collections.abc import Callable
from pathlib import Path

import pytest
from qdrant_client import QdrantClient
from qdrant_client.models import (
    CreateAlias,
    CreateAliasOperation,
    Distance,
    FieldCondition,
    Filter,
    MatchValue,
    PayloadSchemaType,
    PointIdsList,
    PointStruct,
    VectorParams,
)

from tests.emulators.qdrant.process import QdrantProcess

TEA = Filter(must=[FieldCondition(key="kind", match=MatchValue(value="tea"))])


def fill(client: QdrantClient) -> None:
    """Collection, index, alias, 60 points in single writes, one deleted, one changed."""
    client.create_collection("nodes_s1", VectorParams(size=4, distance=Distance.COSINE))
    client.create_payload_index("nodes_s1", "kind", PayloadSchemaType.KEYWORD)
    alias = CreateAlias(alias_name="nodes", collection_name="nodes_s1")
    client.update_collection_aliases([CreateAliasOperation(create_alias=alias)])
    for number in range(60):
        point = PointStruct(id=number, vector=[1.0, number, 0, 0], payload={"kind": "bar"})
        client.upsert("nodes", [point], wait=True)
    client.delete("nodes", PointIdsList(points=[13]), wait=True)
    client.set_payload("nodes", {"kind": "tea"}, points=[7], wait=True)


def check(client: QdrantClient) -> None:
    """Everything that `fill` was answered for."""
    assert client.count("nodes").count == 59
    assert client.retrieve("nodes", [13]) == []
    assert [point.id for point in client.scroll("nodes", TEA)[0]] == [7]
    assert client.query_points("nodes", [1.0, 0, 0, 0], limit=1).points[0].id == 0
    assert client.get_collection("nodes").payload_schema["kind"].points == 59


def end_by_kill(running: QdrantProcess) -> None:
    running.kill()


def end_by_term(running: QdrantProcess) -> None:
    assert running.stop() == 0


@pytest.mark.parametrize("end", [end_by_kill, end_by_term])
def test_what_was_answered_survives_the_end_of_the_process(
    tmp_path: Path, end: Callable[[QdrantProcess], None]
) -> None:
    data = tmp_path / "data"
    with QdrantProcess(data) as running:
        client = running.client()
        fill(client)
        client.close()
        end(running)
    with QdrantProcess(data) as again:
        reopened = again.client()
        check(reopened)
        reopened.close()


def test_a_deleted_collection_stays_deleted_and_leaves_no_files(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with QdrantProcess(data) as running:
        client = running.client()
        fill(client)
        client.delete_collection("nodes_s1")
        client.close()
        assert list((data / "shards").iterdir()) == []
        running.kill()
    with QdrantProcess(data) as again:
        reopened = again.client()
        assert reopened.get_collections().collections == []
        assert reopened.get_aliases().aliases == []
        reopened.close()


def test_what_a_killed_process_left_behind_is_removed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "shards" / "half-made").mkdir(parents=True)
    with QdrantProcess(data):
        assert list((data / "shards").iterdir()) == []


def test_a_second_process_on_the_same_data_refuses_to_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with QdrantProcess(data), pytest.raises(RuntimeError, match="belongs to another running"):
        QdrantProcess(data)
