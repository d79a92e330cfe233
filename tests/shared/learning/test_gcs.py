"""Objects appear whole or not at all, and never mixed of two writers: the contract of a bucket."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from google.api_core.exceptions import NotFound
from google.cloud.storage import Client

from shared.learning.gcs import CHUNK_BYTES, TrainingBucket, WrittenMeanwhile
from shared.runtime.settings import Settings
from tests.shared.learning.memory_bucket import MemoryBucket
from workflows.stack import Stack

LARGE = b"x" * (2 * CHUNK_BYTES + 17)


@pytest.fixture(params=["cloud storage", "memory"])
def bucket(
    request: pytest.FixtureRequest, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrainingBucket | MemoryBucket]:
    """The driver, and the fake that other tests take: both keep the same contract."""
    if request.param == "memory":
        yield MemoryBucket()
        return
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", stack.addresses.http("storage"))
    name = f"training-{uuid4().hex[:12]}"
    with Client(project="overplanned-local") as client:
        client.create_bucket(name)
    settings = Settings({"TRAINING_BUCKET": name, "GOOGLE_CLOUD_PROJECT": "overplanned-local"})
    opened = TrainingBucket(settings)
    yield opened
    opened.close()


def read(bucket: TrainingBucket | MemoryBucket, name: str) -> bytes:
    with bucket.reading(name) as stream:
        return stream.read()


@pytest.mark.parametrize("content", [b"", b"small", LARGE])
def test_a_stream_becomes_an_object(bucket: TrainingBucket | MemoryBucket, content: bytes) -> None:
    with bucket.writing("a") as stream:
        stream.write(content)
    assert read(bucket, "a") == content


@pytest.mark.parametrize("content", [b"small", LARGE])
def test_a_stream_that_breaks_off_leaves_what_was_there(
    bucket: TrainingBucket | MemoryBucket, content: bytes
) -> None:
    bucket.put("a", b"before", "text/plain")

    def break_off(name: str) -> None:
        with bucket.writing(name) as stream:
            stream.write(content)
            raise OSError("cut")

    for name in ("a", "b"):
        with pytest.raises(OSError, match="cut"):
            break_off(name)
    assert read(bucket, "a") == b"before"
    with pytest.raises(NotFound):
        read(bucket, "b")


@pytest.mark.parametrize("before", [None, b"before"])
def test_of_two_writers_the_second_to_end_is_refused(
    bucket: TrainingBucket | MemoryBucket, before: bytes | None
) -> None:
    if before:
        bucket.put("a", before, "text/plain")

    def write_both() -> None:
        with bucket.writing("a") as slow:
            slow.write(LARGE)
            with bucket.writing("a") as quick:
                quick.write(b"quick")

    with pytest.raises(WrittenMeanwhile, match="was written by someone else"):
        write_both()
    assert read(bucket, "a") == b"quick"


def test_an_address_leads_back_to_its_name_and_another_buckets_to_nothing(
    bucket: TrainingBucket | MemoryBucket,
) -> None:
    assert bucket.name_of(bucket.uri("training/a")) == "training/a"
    with pytest.raises(ValueError, match="does not lie in the bucket"):
        bucket.name_of("gs://elsewhere/training/a")


def test_deleting_takes_a_version_and_not_the_next(bucket: TrainingBucket | MemoryBucket) -> None:
    for name in ("v=1/a", "v=1/b", "v=10/a"):
        bucket.put(name, b"x", "text/plain")
    assert bucket.delete("v=1/") == 2
    assert bucket.delete("v=1/") == 0
    assert read(bucket, "v=10/a") == b"x"
