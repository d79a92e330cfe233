"""State, faults, reset and unsupported routes."""

import asyncio
from pathlib import Path

import httpx
import pytest
from google.api_core.exceptions import ServiceUnavailable
from google.cloud.storage import Bucket, Client

from tests.emulators.admin_client import AdminClient
from tests.emulators.storage.process import StorageProcess


async def test_the_state_tells_calls_counts_and_stored_totals(
    server: StorageProcess, bucket: Bucket
) -> None:
    await asyncio.to_thread(bucket.blob("a").upload_from_string, b"12345")
    async with AdminClient(server.url) as admin:
        state = await admin.state()
    assert state["buckets"][bucket.name] == {"objects": 1, "noncurrent": 0, "bytes": 5}
    assert (state["objects"] >= 1, state["bytes"] >= 5) == (True, True)
    assert state["calls"]["storage.objects.insert"] >= 1
    last = [call for call in state["recent"] if call["name"] == "storage.objects.insert"][-1]
    assert last["detail"]["path"] == {"bucket": bucket.name}
    assert last["detail"]["params"]["uploadType"] == "multipart"


async def test_an_injected_fault_fails_the_next_matching_call_alone(
    server: StorageProcess, bucket: Bucket
) -> None:
    async with AdminClient(server.url) as admin:
        await admin.faults(fail_next=1, status=503, match=f"/b/{bucket.name}/o")
        with pytest.raises(ServiceUnavailable):
            await asyncio.to_thread(lambda: list(bucket.list_blobs(retry=None)))
        assert await asyncio.to_thread(lambda: list(bucket.list_blobs(retry=None))) == []


async def test_the_clients_own_retries_get_through_faults(
    server: StorageProcess, bucket: Bucket
) -> None:
    blob = bucket.blob("a")
    async with AdminClient(server.url) as admin:
        await admin.faults(fail_next=1, status=503, match="/upload/")
        await asyncio.to_thread(blob.upload_from_string, b"x", if_generation_match=0)
        await admin.faults(disconnect_next=1, match="/download/")
        assert await asyncio.to_thread(blob.download_as_bytes) == b"x"


async def test_reset_removes_everything(tmp_path: Path) -> None:
    with StorageProcess(tmp_path / "data") as own, own.client() as client:
        bucket: Bucket = await asyncio.to_thread(client.create_bucket, "gone")
        await asyncio.to_thread(bucket.blob("a").upload_from_string, b"x")
        async with AdminClient(own.url) as admin:
            await admin.reset()
            state = await admin.state()
        assert (state["buckets"], state["calls"], state["uploads"]) == ({}, {}, 0)
        assert await asyncio.to_thread(client.lookup_bucket, "gone") is None
    assert list((tmp_path / "data" / "storage" / "bodies").glob("*/*")) == []


async def test_idle_answers_when_nothing_is_in_flight(server: StorageProcess) -> None:
    async with AdminClient(server.url) as admin:
        await admin.until_idle()


def test_an_unknown_route_answers_501_with_its_name(server: StorageProcess, client: Client) -> None:
    answer = httpx.get(f"{server.url}/storage/v1/b/x/notificationConfigs")
    assert answer.status_code == 501
    assert "GET /storage/v1/b/x/notificationConfigs" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/storage/v1/b/{b}/o?maxResults=x"),
        ("GET", "/storage/v1/b/{b}/o/a?generation=-1"),
        ("GET", "/storage/v1/b/{b}/o/a?ifGenerationMatch=99999999999999999999"),
        ("PATCH", "/storage/v1/b/{b}"),
        ("POST", "/storage/v1/b"),
        ("POST", "/upload/storage/v1/b/{b}/o?uploadType=none"),
        ("POST", "/batch/storage/v1"),
    ],
)
def test_a_malformed_request_is_a_clients_error_never_a_crash(
    server: StorageProcess, bucket: Bucket, method: str, path: str
) -> None:
    url = server.url + path.format(b=bucket.name)
    answer = httpx.request(method, url, content=b"[1")
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"]
