"""One emulator process for the whole session, the official client, and a bucket per test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from google.cloud.storage import Bucket, Client

from tests.emulators.storage.process import StorageProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageProcess]:
    with StorageProcess(tmp_path_factory.mktemp("storage") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def client(server: StorageProcess) -> Iterator[Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture
def bucket(client: Client) -> Bucket:
    return client.create_bucket(f"bucket-{uuid4().hex[:12]}")


@pytest.fixture
def versioned(client: Client) -> Bucket:
    """A bucket that keeps noncurrent generations."""
    made = client.bucket(f"versions-{uuid4().hex[:12]}")
    made.versioning_enabled = True
    return client.create_bucket(made)
