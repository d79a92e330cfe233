"""What was answered is there after a restart and after kill -9."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from google.cloud.storage import Client

from tests.emulators.storage.process import StorageProcess

CHUNK = 256 * 1024
CONTENT = os.urandom(CHUNK + 100)


def fill(client: Client) -> str:
    """A bucket with objects, one replaced, one patched, one deleted; an upload half done."""
    bucket = client.create_bucket("kept")
    for number in range(20):
        bucket.blob(f"o/{number}").upload_from_string(f"content {number}")
    bucket.blob("o/3").upload_from_string("replaced")
    patched = bucket.blob("o/4")
    patched.metadata = {"a": "1"}
    patched.patch()
    bucket.blob("o/5").delete()
    session: str = bucket.blob("late").create_resumable_upload_session()
    span = {"content-range": f"bytes 0-{CHUNK - 1}/*"}
    assert httpx.put(session, content=CONTENT[:CHUNK], headers=span).status_code == 308
    return httpx.URL(session).raw_path.decode()


def check(client: Client, url: str, session: str) -> None:
    """Everything that `fill` was answered for, and that the upload goes on."""
    bucket = client.get_bucket("kept")
    found = {blob.name: blob for blob in bucket.list_blobs(prefix="o/")}
    assert len(found) == 19
    assert found["o/3"].download_as_bytes() == b"replaced"
    assert (found["o/4"].metadata, found["o/4"].metageneration) == ({"a": "1"}, 2)
    assert found["o/6"].download_as_bytes() == b"content 6"
    asked = httpx.put(f"{url}{session}", headers={"content-range": "bytes */*"})
    assert asked.headers["range"] == f"bytes=0-{CHUNK - 1}"
    rest = {"content-range": f"bytes {CHUNK}-{len(CONTENT) - 1}/{len(CONTENT)}"}
    assert httpx.put(f"{url}{session}", content=CONTENT[CHUNK:], headers=rest).status_code == 200
    assert bucket.blob("late").download_as_bytes() == CONTENT
    newer = bucket.blob("newer")
    newer.upload_from_string("x")
    assert newer.generation > max(blob.generation for blob in found.values())


def kill(running: StorageProcess) -> None:
    running.kill()


def stop(running: StorageProcess) -> None:
    assert running.stop() == 0


@pytest.mark.parametrize("end", [kill, stop])
def test_what_was_answered_survives_the_end_of_the_process(
    tmp_path: Path, end: Callable[[StorageProcess], None]
) -> None:
    data = tmp_path / "data"
    with StorageProcess(data) as running:
        with running.client() as client:
            session = fill(client)
        end(running)
    with StorageProcess(data) as again, again.client() as client:
        check(client, again.url, session)


def test_files_that_a_killed_process_left_behind_are_removed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with StorageProcess(data) as running:
        with running.client() as client:
            client.create_bucket("kept").blob("a").upload_from_string("x")
        running.kill()
    (data / "storage" / "incoming" / "half-written").write_text("x")
    (data / "storage" / "bodies" / "zz").mkdir()
    (data / "storage" / "bodies" / "zz" / "no-row").write_text("x")
    with StorageProcess(data) as again, again.client() as client:
        assert client.bucket("kept").blob("a").download_as_bytes() == b"x"
    files = [path for path in (data / "storage").rglob("*") if path.is_file()]
    assert len([path for path in files if path.parent.parent.name == "bodies"]) == 1
    assert [path for path in files if path.parent.name == "incoming"] == []


def test_no_file_is_named_by_a_caller(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with StorageProcess(data) as running, running.client() as client:
        bucket = client.create_bucket("kept")
        for name in ("../../../outside", "/etc/outside", "a/../../outside"):
            bucket.blob(name).upload_from_string("x")
    assert [path for path in tmp_path.rglob("*") if "outside" in path.name] == []
    assert not Path("/etc/outside").exists()


def test_replaced_and_deleted_bytes_leave_the_disk(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with StorageProcess(data) as running, running.client() as client:
        bucket = client.create_bucket("kept")
        for _ in range(3):
            bucket.blob("a").upload_from_string("x")
        bucket.blob("a").delete()
        assert list((data / "storage" / "bodies").glob("*/*")) == []
