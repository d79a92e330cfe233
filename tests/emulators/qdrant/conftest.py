"""One emulator process for the whole session, the official clients, and a collection per test."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import numpy as np
import pytest
from qdrant_client import AsyncQdrantClient, QdrantClient
from qdrant_client.models import Distance, PayloadSchemaType, PointStruct, VectorParams

from tests.emulators.qdrant.process import QdrantProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QdrantProcess]:
    with QdrantProcess(tmp_path_factory.mktemp("qdrant") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def client(server: QdrantProcess) -> Iterator[QdrantClient]:
    opened = server.client()
    yield opened
    opened.close()


@pytest.fixture
async def async_client(server: QdrantProcess) -> AsyncIterator[AsyncQdrantClient]:
    opened = server.async_client()
    yield opened
    await opened.close()


@pytest.fixture
def name(client: QdrantClient) -> Iterator[str]:
    """A collection name of this test's own; what it names is deleted afterwards."""
    made = f"nodes-{uuid4().hex[:8]}"
    yield made
    client.delete_collection(made)


@pytest.fixture
def empty(client: QdrantClient, name: str) -> str:
    """An empty collection of 4 dimensions by cosine."""
    client.create_collection(name, VectorParams(size=4, distance=Distance.COSINE))
    return name


@pytest.fixture(scope="session")
def vectors() -> np.ndarray:
    return np.random.default_rng(7).normal(size=(400, 4))


@pytest.fixture(scope="session")
def points(vectors: np.ndarray) -> list[PointStruct]:
    """400 nodes: two cities by turns, every tenth hidden, rising prices."""
    return [
        PointStruct(
            id=number,
            vector=vector.tolist(),
            payload={
                "city": "seattle" if number % 2 else "tokyo",
                "hidden": int(number % 10 == 0),
                "price": number / 10,
                "tags": ["quiet", "view"] if number % 3 == 0 else ["loud"],
            },
        )
        for number, vector in enumerate(vectors)
    ]


@pytest.fixture(scope="session")
def nodes(client: QdrantClient, points: list[PointStruct]) -> str:
    """The 400 nodes without any index; only read."""
    client.create_collection("read-only", VectorParams(size=4, distance=Distance.COSINE))
    client.upsert("read-only", points, wait=True)
    return "read-only"


@pytest.fixture(scope="session")
def indexed_nodes(client: QdrantClient, points: list[PointStruct]) -> str:
    """The 400 nodes with an index on every field; only read."""
    client.create_collection("indexed", VectorParams(size=4, distance=Distance.COSINE))
    client.create_payload_index("indexed", "city", PayloadSchemaType.KEYWORD)
    client.create_payload_index("indexed", "hidden", PayloadSchemaType.INTEGER)
    client.create_payload_index("indexed", "price", PayloadSchemaType.FLOAT)
    client.create_payload_index("indexed", "tags", PayloadSchemaType.KEYWORD)
    client.upsert("indexed", points, wait=True)
    return "indexed"


@pytest.fixture
def own_nodes(client: QdrantClient, empty: str, points: list[PointStruct]) -> str:
    """The 400 nodes in a collection of this test's own."""
    client.upsert(empty, points, wait=True)
    return empty
