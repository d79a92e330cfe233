"""Downloads: whole, in ranges, with their headers, and never whole in the server's memory."""

import gzip
import io
import os

import httpx
import pytest
from google.api_core.exceptions import RequestRangeNotSatisfiable
from google.cloud.storage import Blob, Bucket

from tests.emulators.storage.process import StorageProcess

CONTENT = bytes(range(256)) * 10
LARGE = 64 * 1024 * 1024


@pytest.fixture
def blob(bucket: Bucket) -> Blob:
    made = bucket.blob("a b.bin")
    made.upload_from_string(CONTENT, content_type="application/x-test")
    return made


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 0, CONTENT[:1]),
        (10, 19, CONTENT[10:20]),
        (2550, None, CONTENT[2550:]),
        (None, 5, CONTENT[:6]),
        (0, 99999, CONTENT),
        (-3, None, CONTENT[-3:]),
    ],
)
def test_a_range_is_cut_exactly(
    blob: Blob, start: int | None, end: int | None, expected: bytes
) -> None:
    assert blob.download_as_bytes(start=start, end=end, raw_download=True) == expected


def test_a_range_beyond_the_end_is_not_satisfiable(blob: Blob) -> None:
    with pytest.raises(RequestRangeNotSatisfiable):
        blob.download_as_bytes(start=len(CONTENT))


def test_a_partial_answer_says_which_part_it_is(server: StorageProcess, blob: Blob) -> None:
    answer = httpx.get(blob.media_link, headers={"range": "bytes=10-19"})
    assert (answer.status_code, answer.content) == (206, CONTENT[10:20])
    assert answer.headers["content-range"] == "bytes 10-19/2560"
    assert answer.headers["x-goog-hash"] == f"crc32c={blob.crc32c},md5={blob.md5_hash}"


def test_headers_tell_type_generation_and_etag(blob: Blob) -> None:
    fresh = blob.bucket.blob("a b.bin")
    fresh.download_as_bytes()
    assert fresh.content_type == "application/x-test"
    assert (fresh.generation, fresh.metageneration) == (blob.generation, 1)
    assert (fresh.etag, fresh.crc32c, fresh.md5_hash) == (blob.etag, blob.crc32c, blob.md5_hash)


def test_a_download_in_chunks_is_whole(bucket: Bucket) -> None:
    content = os.urandom(1_000_003)
    bucket.blob("c").upload_from_string(content)
    target = io.BytesIO()
    bucket.blob("c", chunk_size=256 * 1024).download_to_file(target)
    assert target.getvalue() == content


def test_a_reader_seeks(blob: Blob) -> None:
    with blob.open("rb") as reader:
        reader.seek(100)
        assert reader.read(4) == CONTENT[100:104]


def test_gzip_content_is_stored_as_sent_and_read_back_plain(bucket: Bucket) -> None:
    blob = bucket.blob("z")
    blob.content_encoding = "gzip"
    packed = gzip.compress(b"plain text " * 100)
    blob.upload_from_string(packed, content_type="text/plain")
    assert blob.download_as_bytes(raw_download=True) == packed
    assert blob.download_as_bytes() == b"plain text " * 100


def test_64_mb_pass_through_without_the_server_holding_them(
    server: StorageProcess, bucket: Bucket
) -> None:
    block = os.urandom(1024 * 1024)
    content = block * (LARGE // len(block))
    before = server.resident_bytes()
    bucket.blob("one").upload_from_file(io.BytesIO(content))
    bucket.blob("chunks", chunk_size=8 * len(block)).upload_from_file(io.BytesIO(content))
    url = f"{server.url}/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=media"
    assert httpx.post(url, content=content, timeout=60).status_code == 200
    for name in ("one", "chunks", "media"):
        assert bucket.blob(name).download_as_bytes() == content
    bucket.blob("joined").compose([bucket.blob("one"), bucket.blob("chunks")])
    assert server.resident_bytes() - before < 16 * 1024 * 1024
    bucket.delete_blobs([bucket.blob(name) for name in ("one", "chunks", "media", "joined")])
