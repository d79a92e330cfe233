"""Uploads arrive whole or not at all, in one request or in chunks."""

import io
import os
from collections.abc import Callable

import httpx
import pytest
from google.api_core.exceptions import BadRequest
from google.cloud.storage import Blob, Bucket, Client

from tests.emulators.storage.process import StorageProcess

CHUNK = 256 * 1024
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]


@pytest.mark.parametrize("size", SIZES)
def test_multipart_and_resumable_uploads_keep_every_byte(bucket: Bucket, size: int) -> None:
    content = os.urandom(size)
    bucket.blob("multipart").upload_from_string(content)
    bucket.blob("resumable", chunk_size=CHUNK).upload_from_file(io.BytesIO(content))
    for name in ("multipart", "resumable"):
        assert bucket.blob(name).download_as_bytes() == content


def test_content_that_looks_like_a_boundary_is_kept(bucket: Bucket) -> None:
    content = b"\r\n--\r\n--=====--\r\n\r\n--=" * 5000
    bucket.blob("b").upload_from_string(content)
    assert bucket.blob("b").download_as_bytes() == content


def test_a_stream_of_unknown_length_is_uploaded(bucket: Bucket) -> None:
    content = os.urandom(2 * CHUNK + 100)
    with bucket.blob("stream", chunk_size=CHUNK).open("wb") as writer:
        writer.write(content[:1000])
        writer.write(content[1000:])
    assert bucket.blob("stream").download_as_bytes() == content


def test_a_media_upload_takes_its_name_from_the_query(client: Client, bucket: Bucket) -> None:
    url = f"{client._connection.API_BASE_URL}/upload/storage/v1/b/{bucket.name}/o"
    params = {"uploadType": "media", "name": "a b"}
    answer = client._http.post(url, params=params, data=b"x", headers={"content-type": "text/css"})
    assert answer.status_code == 200
    found = bucket.get_blob("a b")
    assert found is not None
    assert (found.content_type, found.download_as_bytes()) == ("text/css", b"x")


@pytest.mark.parametrize("checksum", ["crc32c", "md5"])
def test_both_checksums_are_verified_by_the_client(bucket: Bucket, checksum: str) -> None:
    bucket.blob("c").upload_from_string(b"content", checksum=checksum)
    blob = bucket.blob("c", chunk_size=CHUNK)
    blob.upload_from_file(io.BytesIO(b"z" * (CHUNK + 5)), checksum=checksum)
    assert blob.download_as_bytes(checksum=checksum) == b"z" * (CHUNK + 5)


def multipart(blob: Blob) -> None:
    blob.upload_from_string(b"content", checksum=None)


def in_chunks(blob: Blob) -> None:
    blob.chunk_size = CHUNK
    blob.upload_from_file(io.BytesIO(b"z" * (CHUNK + 5)))


@pytest.mark.parametrize("upload", [multipart, in_chunks])
@pytest.mark.parametrize("promise", ["crc32c", "md5_hash"])
def test_bytes_that_do_not_match_the_promised_checksum_are_refused(
    bucket: Bucket, upload: Callable[[Blob], None], promise: str
) -> None:
    blob = bucket.blob("broken")
    setattr(blob, promise, "AAAAAA==")
    with pytest.raises(BadRequest, match=r"Provided (CRC32C|MD5) .*AAAAAA=="):
        upload(blob)
    assert not bucket.blob("broken").exists()


@pytest.fixture
def session(server: StorageProcess, bucket: Bucket) -> str:
    """The address of a resumable upload that has begun."""
    return str(bucket.blob("r").create_resumable_upload_session(content_type="text/plain"))


def put(session: str, content: bytes, span: str) -> httpx.Response:
    return httpx.put(session, content=content, headers={"content-range": f"bytes {span}"})


def test_a_session_is_addressed_at_the_host_that_was_asked(
    server: StorageProcess, session: str
) -> None:
    assert session.startswith(f"{server.url}/upload/storage/v1/b/")


def test_a_status_query_tells_what_is_stored(session: str) -> None:
    empty = put(session, b"", "*/*")
    assert (empty.status_code, empty.headers.get("range")) == (308, None)
    put(session, b"x" * CHUNK, f"0-{CHUNK - 1}/*")
    asked = put(session, b"", "*/*")
    assert (asked.status_code, asked.headers["range"]) == (308, f"bytes=0-{CHUNK - 1}")


def test_an_unfinished_chunk_is_kept_to_256_kib(session: str) -> None:
    answer = put(session, b"x" * (CHUNK + 100), f"0-{CHUNK + 99}/*")
    assert (answer.status_code, answer.headers["range"]) == (308, f"bytes=0-{CHUNK - 1}")


def test_a_chunk_below_256_kib_that_is_not_the_last_breaks_the_upload_off(session: str) -> None:
    answer = put(session, b"x" * 1024, "0-1023/*")
    assert (answer.status_code, "contained 1024 bytes" in answer.text) == (400, True)
    again = put(session, b"abc", "0-2/3")
    assert (again.status_code, again.text) == (400, answer.text)


def test_a_repeated_chunk_is_stored_once(bucket: Bucket, session: str) -> None:
    content = os.urandom(2 * CHUNK)
    put(session, content[:CHUNK], f"0-{CHUNK - 1}/*")
    put(session, content[:CHUNK], f"0-{CHUNK - 1}/*")
    answer = put(session, content, f"0-{2 * CHUNK - 1}/{2 * CHUNK}")
    assert answer.status_code == 200
    assert bucket.blob("r").download_as_bytes() == content


def test_a_repeated_last_chunk_is_answered_with_the_same_object(
    bucket: Bucket, session: str
) -> None:
    first = put(session, b"abc", "0-2/3")
    again = put(session, b"abc", "0-2/3")
    asked = put(session, b"", "*/*")
    assert first.json() == again.json() == asked.json()
    assert first.json()["contentType"] == "text/plain"
    assert len(list(bucket.list_blobs(versions=True))) == 1


@pytest.mark.parametrize(
    ("content", "span"),
    [
        (b"late", "262144-262147/262148"),
        (b"longer than said", "0-3/4"),
        (b"x", "5-2/9"),
        (b"x", "0-9/5"),
        (b"x", "0-0"),
        (b"x", "nonsense"),
    ],
)
def test_a_chunk_that_does_not_fit_is_refused(
    bucket: Bucket, session: str, content: bytes, span: str
) -> None:
    assert put(session, content, span).status_code == 400
    assert put(session, b"", "*/*").status_code == 308
    assert not bucket.blob("r").exists()


def test_a_cancelled_session_is_gone(bucket: Bucket, session: str) -> None:
    assert httpx.delete(session).status_code == 499
    assert put(session, b"abc", "0-2/3").status_code == 404
    assert not bucket.blob("r").exists()


def test_an_announced_length_is_held_to(bucket: Bucket) -> None:
    session = bucket.blob("r").create_resumable_upload_session(size=5)
    assert put(session, b"abc", "0-2/3").status_code == 400
    assert not bucket.blob("r").exists()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/related", b"x"),
        ("multipart/related; boundary=x", b"no delimiter"),
        ("multipart/related; boundary=x", b"--x\r\n\r\n{}\r\n--x\r\n\r\nnever closed"),
        ("multipart/related; boundary=x", b"--x\r\n\r\n{\r\n--x\r\n\r\nb\r\n--x--"),
        ("multipart/related; boundary=x", b"--x\r\n\r\n{}\r\n--x\r\n\r\nno name\r\n--x--"),
        ("text/plain", b"--x\r\n\r\n{}\r\n--x\r\n\r\nb\r\n--x--"),
    ],
)
def test_a_malformed_multipart_body_is_refused_and_leaves_nothing(
    client: Client, bucket: Bucket, kind: str, body: bytes
) -> None:
    url = f"{client._connection.API_BASE_URL}/upload/storage/v1/b/{bucket.name}/o"
    answer = httpx.post(
        url, params={"uploadType": "multipart"}, content=body, headers={"content-type": kind}
    )
    assert answer.status_code == 400
    assert list(bucket.list_blobs()) == []
