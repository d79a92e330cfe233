"""Every write and read holds to ifGenerationMatch and its kin."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from google.api_core.exceptions import GoogleAPICallError, PreconditionFailed
from google.cloud.storage import Blob, Bucket

Write = Callable[..., Any]


def resumable(blob: Blob, **conditions: Any) -> None:
    blob.chunk_size = 256 * 1024
    blob.upload_from_file(io.BytesIO(b"y" * 300_000), **conditions)


def compose(blob: Blob, **conditions: Any) -> None:
    blob.compose([blob.bucket.blob("source")], **conditions)


WRITES: dict[str, Write] = {
    "multipart": lambda blob, **c: blob.upload_from_string("new", **c),
    "resumable": resumable,
    "compose": compose,
    "rewrite": lambda blob, **c: blob.rewrite(blob.bucket.blob("source"), **c),
    "copy": lambda blob, **c: blob.bucket.copy_blob(
        blob.bucket.blob("source"), blob.bucket, blob.name, **c
    ),
}
CHANGES: dict[str, Write] = {
    "patch": lambda blob, **c: blob.patch(**c),
    "update": lambda blob, **c: blob.update(**c),
    "delete": lambda blob, **c: blob.delete(**c),
}


@pytest.fixture
def blob(bucket: Bucket) -> Blob:
    """An object of two metagenerations beside the object "source"."""
    bucket.blob("source").upload_from_string("source")
    made = bucket.blob("target")
    made.upload_from_string("old")
    made.metadata = {"a": "1"}
    made.patch()
    return made


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_create_only_makes_the_first_and_refuses_the_second(bucket: Bucket, write: Write) -> None:
    bucket.blob("source").upload_from_string("source")
    write(bucket.blob("fresh"), if_generation_match=0)
    content = bucket.blob("fresh").download_as_bytes()
    with pytest.raises(PreconditionFailed, match="pre-conditions you specified did not hold"):
        write(bucket.blob("fresh"), if_generation_match=0)
    assert bucket.blob("fresh").download_as_bytes() == content


FAILING = [
    (name, condition)
    for name in WRITES | CHANGES
    for condition in ("generation", "metageneration", "not generation")
    if (name, condition) != ("compose", "not generation")  # the client cannot ask for it
]


@pytest.mark.parametrize(("write", "condition"), FAILING)
def test_a_failed_condition_changes_nothing(blob: Blob, write: str, condition: str) -> None:
    conditions = {
        "generation": {"if_generation_match": blob.generation + 1},
        "metageneration": {"if_metageneration_match": 1},
        "not generation": {"if_generation_not_match": blob.generation},
    }
    with pytest.raises(PreconditionFailed):
        (WRITES | CHANGES)[write](Blob(blob.name, blob.bucket), **conditions[condition])
    found = blob.bucket.get_blob("target")
    assert found is not None
    assert (found.generation, found.metageneration) == (blob.generation, 2)
    assert found.download_as_bytes() == b"old"


@pytest.mark.parametrize("write", (WRITES | CHANGES).values(), ids=WRITES | CHANGES)
def test_a_condition_that_holds_lets_the_write_through(blob: Blob, write: Write) -> None:
    write(
        Blob(blob.name, blob.bucket),
        if_generation_match=blob.generation,
        if_metageneration_match=2,
    )
    found = blob.bucket.get_blob("target")
    assert found is None or (found.generation, found.metageneration) != (blob.generation, 2)


def test_conditions_of_a_resumable_upload_are_enforced_at_its_end(bucket: Bucket) -> None:
    late = bucket.blob("target")
    url = late.create_resumable_upload_session(if_generation_match=0)
    bucket.blob("target").upload_from_string("first")
    answer = late.client._http.put(url, data=b"second")
    assert answer.status_code == 412
    assert answer.json()["error"]["errors"][0]["reason"] == "conditionNotMet"
    assert bucket.blob("target").download_as_bytes() == b"first"
    assert late.client._http.put(url, data=b"second").status_code == 404


def test_conditions_on_the_source_of_a_copy_are_enforced(blob: Blob) -> None:
    source = blob.bucket.blob("source")
    with pytest.raises(PreconditionFailed):
        blob.rewrite(source, if_source_generation_match=1)
    with pytest.raises(PreconditionFailed):
        blob.bucket.copy_blob(source, blob.bucket, "c", if_source_metageneration_not_match=1)
    assert not blob.bucket.blob("c").exists()


def test_a_read_of_another_generation_fails_and_of_the_known_one_is_not_modified(
    blob: Blob,
) -> None:
    with pytest.raises(PreconditionFailed):
        blob.reload(if_generation_match=1)
    with pytest.raises(PreconditionFailed):
        blob.download_as_bytes(if_metageneration_match=1)
    for read in (blob.reload, blob.download_as_bytes):
        with pytest.raises(GoogleAPICallError) as raised:
            read(if_generation_not_match=blob.generation)
        assert raised.value.code == 304


def test_a_read_by_etag_tells_what_changed(blob: Blob) -> None:
    etag = blob.etag
    with pytest.raises(GoogleAPICallError) as raised:
        blob.reload(if_etag_not_match=etag)
    assert raised.value.code == 304
    blob.metadata = {"a": "2"}
    blob.patch()
    blob.reload(if_etag_not_match=etag)
    with pytest.raises(PreconditionFailed):
        blob.reload(if_etag_match=etag)
