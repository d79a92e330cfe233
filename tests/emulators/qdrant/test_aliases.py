"""An alias stands for a collection and switches at once."""

import pytest
from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import UnexpectedResponse
from qdrant_client.models import (
    CreateAlias,
    CreateAliasOperation,
    DeleteAlias,
    DeleteAliasOperation,
    Distance,
    PointStruct,
    RenameAlias,
    RenameAliasOperation,
    VectorParams,
)


def created(alias: str, collection: str) -> CreateAliasOperation:
    return CreateAliasOperation(
        create_alias=CreateAlias(alias_name=alias, collection_name=collection)
    )


def deleted(alias: str) -> DeleteAliasOperation:
    return DeleteAliasOperation(delete_alias=DeleteAlias(alias_name=alias))


def renamed(old: str, new: str) -> RenameAliasOperation:
    return RenameAliasOperation(rename_alias=RenameAlias(old_alias_name=old, new_alias_name=new))


def aliases(client: QdrantClient, collection: str) -> set[str]:
    return {known.alias_name for known in client.get_collection_aliases(collection).aliases}


def test_reads_and_writes_through_an_alias_reach_the_collection(
    client: QdrantClient, empty: str
) -> None:
    client.update_collection_aliases([created(f"{empty}-now", empty)])
    client.upsert(f"{empty}-now", [PointStruct(id=1, vector=[1.0, 0, 0, 0])], wait=True)
    assert client.count(empty).count == 1
    assert client.collection_exists(f"{empty}-now")
    assert client.get_collection(f"{empty}-now").points_count == 1


def test_one_request_switches_an_alias_to_another_collection(
    client: QdrantClient, empty: str
) -> None:
    rebuilt = f"{empty}-s2"
    client.create_collection(rebuilt, VectorParams(size=4, distance=Distance.COSINE))
    client.upsert(rebuilt, [PointStruct(id=7, vector=[1.0, 0, 0, 0])], wait=True)
    client.update_collection_aliases([created("current", empty)])
    client.update_collection_aliases([deleted("current"), created("current", rebuilt)])
    assert [point.id for point in client.retrieve("current", [7])] == [7]
    assert (aliases(client, empty), aliases(client, rebuilt)) == (set(), {"current"})
    client.delete_collection(rebuilt)
    assert not client.collection_exists("current")


def test_a_refused_action_leaves_all_aliases_as_they_were(client: QdrantClient, empty: str) -> None:
    client.update_collection_aliases([created("steady", empty)])
    with pytest.raises(UnexpectedResponse, match="404"):
        client.update_collection_aliases([deleted("steady"), created("steady", "nobody")])
    assert aliases(client, empty) == {"steady"}


def test_a_renamed_alias_answers_under_its_new_name_alone(client: QdrantClient, empty: str) -> None:
    client.update_collection_aliases([created("before", empty)])
    client.update_collection_aliases([renamed("before", "after")])
    assert aliases(client, empty) == {"after"}
    assert not client.collection_exists("before")
    assert "after" in {known.alias_name for known in client.get_aliases().aliases}


def test_an_alias_cannot_take_a_collections_name(client: QdrantClient, empty: str) -> None:
    with pytest.raises(UnexpectedResponse, match=f"Collection `{empty}` already exists!"):
        client.update_collection_aliases([created(empty, empty)])


def test_a_collection_cannot_take_an_aliass_name(client: QdrantClient, empty: str) -> None:
    client.update_collection_aliases([created(f"{empty}-alias", empty)])
    with pytest.raises(UnexpectedResponse, match="Alias with the same name already exists"):
        client.create_collection(f"{empty}-alias", VectorParams(size=4, distance=Distance.COSINE))
