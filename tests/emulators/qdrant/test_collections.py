"""Collections are created, described, changed and deleted as on Qdrant's server."""

import pytest
from qdrant_client import AsyncQdrantClient, QdrantClient
from qdrant_client.http.exceptions import UnexpectedResponse
from qdrant_client.models import (
    CollectionStatus,
    Distance,
    HnswConfigDiff,
    PayloadSchemaType,
    TextIndexParams,
    TextIndexType,
    TokenizerType,
    VectorParams,
)


def test_a_created_collection_exists_and_is_listed(client: QdrantClient, empty: str) -> None:
    assert client.collection_exists(empty)
    assert empty in [known.name for known in client.get_collections().collections]


def test_a_collection_tells_what_it_was_created_with(client: QdrantClient, name: str) -> None:
    client.create_collection(
        name,
        {"vibe": VectorParams(size=64, distance=Distance.DOT)},
        hnsw_config=HnswConfigDiff(m=32),
        metadata={"space_version": 1},
    )
    info = client.get_collection(name)
    assert info.status == CollectionStatus.GREEN
    assert info.config.params.vectors == {"vibe": VectorParams(size=64, distance=Distance.DOT)}
    assert (info.config.hnsw_config.m, info.config.hnsw_config.ef_construct) == (32, 100)
    assert info.config.metadata == {"space_version": 1}
    assert info.points_count == 0


def test_a_changed_collection_keeps_what_was_not_changed(client: QdrantClient, empty: str) -> None:
    client.update_collection(empty, hnsw_config=HnswConfigDiff(ef_construct=200))
    client.update_collection(empty, metadata={"owner": "nodes"})
    config = client.get_collection(empty).config
    assert (config.hnsw_config.m, config.hnsw_config.ef_construct) == (16, 200)
    assert config.metadata == {"owner": "nodes"}
    assert config.params.vectors == VectorParams(size=4, distance=Distance.COSINE)


def test_a_deleted_collection_is_gone_with_its_points(client: QdrantClient, own_nodes: str) -> None:
    assert client.delete_collection(own_nodes)
    assert not client.collection_exists(own_nodes)
    client.create_collection(own_nodes, VectorParams(size=4, distance=Distance.COSINE))
    assert client.count(own_nodes).count == 0


def test_deleting_what_does_not_exist_answers_false(client: QdrantClient) -> None:
    assert client.delete_collection("nobody") is False


@pytest.mark.parametrize("bad", ["a:b", "a*b", "<script>", "x" * 256, "back\\slash"])
def test_a_name_that_qdrant_forbids_is_refused(client: QdrantClient, bad: str) -> None:
    with pytest.raises(UnexpectedResponse, match="422"):
        client.create_collection(bad, VectorParams(size=4, distance=Distance.COSINE))


def test_a_name_of_dots_and_spaces_is_only_a_name(client: QdrantClient) -> None:
    name = " .. "
    client.create_collection(name, VectorParams(size=4, distance=Distance.COSINE))
    assert client.count(name).count == 0
    assert client.delete_collection(name)


@pytest.mark.parametrize(
    "kind",
    [
        PayloadSchemaType.KEYWORD,
        PayloadSchemaType.INTEGER,
        PayloadSchemaType.FLOAT,
        PayloadSchemaType.BOOL,
        PayloadSchemaType.GEO,
        PayloadSchemaType.DATETIME,
        PayloadSchemaType.UUID,
        PayloadSchemaType.TEXT,
    ],
)
def test_an_index_of_each_kind_is_shown_until_deleted(
    client: QdrantClient, empty: str, kind: PayloadSchemaType
) -> None:
    client.create_payload_index(empty, "field", kind)
    assert client.get_collection(empty).payload_schema["field"].data_type == kind
    client.delete_payload_index(empty, "field")
    assert client.get_collection(empty).payload_schema == {}


def test_an_index_counts_its_points_and_keeps_its_settings(
    client: QdrantClient, own_nodes: str
) -> None:
    settings = TextIndexParams(
        type=TextIndexType.TEXT, tokenizer=TokenizerType.PREFIX, min_token_len=2, lowercase=True
    )
    client.create_payload_index(own_nodes, "city", settings)
    shown = client.get_collection(own_nodes).payload_schema["city"]
    assert shown.points == 400
    assert shown.params == settings


async def test_the_async_client_creates_counts_and_deletes(
    async_client: AsyncQdrantClient, name: str
) -> None:
    await async_client.create_collection(name, VectorParams(size=4, distance=Distance.EUCLID))
    assert (await async_client.count(name)).count == 0
    assert await async_client.delete_collection(name)
