"""Objects: metadata, generations, checksums, copies, and what is refused."""

import base64
import hashlib
from typing import Any

import google_crc32c
import pytest
from google.api_core.exceptions import BadRequest, MethodNotImplemented, NotFound
from google.cloud.storage import Batch, Blob, Bucket, Client

ODD_NAMES = [
    "plain.txt",
    "a/b c/d+e&f=g?h#i%.txt",
    "../../etc/passwd",
    "/leading/and/trailing/",
    "東京/神社 ⛩.json",
    "a/rewriteTo/b/x/o/y",
    "%2F",
    "x" * 1024,
]


def crc32c(content: bytes) -> str:
    return base64.b64encode(google_crc32c.value(content).to_bytes(4, "big")).decode()


def md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content).digest()).decode()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_allowed_name_keeps_its_own_content(bucket: Bucket, name: str) -> None:
    bucket.blob(name).upload_from_string(f"content of {name}", content_type="text/plain")
    bucket.blob("other").upload_from_string("other")
    found = bucket.get_blob(name)
    assert found is not None
    assert found.name == name
    assert found.download_as_text() == f"content of {name}"
    found.delete()
    assert bucket.get_blob(name) is None


@pytest.mark.parametrize("name", [".", "..", "a\nb", "x" * 1025, "é" * 513])
def test_a_name_that_google_forbids_is_refused(bucket: Bucket, name: str) -> None:
    with pytest.raises(BadRequest, match="object name is not valid"):
        bucket.blob(name).upload_from_string("x")


def test_an_object_tells_size_checksums_and_times(bucket: Bucket) -> None:
    content = b"a list of places"
    bucket.blob("places").upload_from_string(content, content_type="application/json")
    found = bucket.get_blob("places")
    assert found is not None
    assert (found.size, found.content_type) == (len(content), "application/json")
    assert (found.crc32c, found.md5_hash) == (crc32c(content), md5(content))
    assert found.metageneration == 1
    assert found.time_created == found.updated


def test_metadata_given_at_upload_is_kept(bucket: Bucket) -> None:
    blob = bucket.blob("m")
    blob.metadata = {"city": "seattle", "naïve": "東京"}
    blob.cache_control = "no-store"
    blob.content_disposition = "inline"
    blob.content_language = "en"
    blob.upload_from_string("x")
    found = bucket.get_blob("m")
    assert found is not None
    assert found.metadata == {"city": "seattle", "naïve": "東京"}
    assert (found.cache_control, found.content_disposition) == ("no-store", "inline")
    assert found.content_language == "en"


def test_a_patch_merges_metadata_and_raises_the_metageneration_alone(bucket: Bucket) -> None:
    blob = bucket.blob("m")
    blob.metadata = {"keep": "1", "drop": "2"}
    blob.upload_from_string("x")
    generation = blob.generation
    blob.metadata = {"keep": "1", "drop": None, "new": "3"}
    blob.patch()
    found = bucket.get_blob("m")
    assert found is not None
    assert found.metadata == {"keep": "1", "new": "3"}
    assert (found.generation, found.metageneration) == (generation, 2)


def test_an_update_replaces_all_metadata(bucket: Bucket) -> None:
    blob = bucket.blob("m")
    blob.metadata, blob.cache_control = {"a": "1"}, "no-store"
    blob.upload_from_string("x", content_type="text/plain")
    blob.metadata, blob.cache_control = {"b": "2"}, None
    blob.update()
    found = bucket.get_blob("m")
    assert found is not None
    assert (found.metadata, found.cache_control) == ({"b": "2"}, None)
    assert found.content_type == "text/plain"


def test_every_write_has_a_greater_generation(bucket: Bucket) -> None:
    generations = []
    for number in range(5):
        blob = bucket.blob("same")
        blob.upload_from_string(str(number))
        generations.append(blob.generation)
    assert generations == sorted(set(generations))


def test_a_replaced_generation_is_gone_without_versioning(bucket: Bucket) -> None:
    blob = bucket.blob("same")
    blob.upload_from_string("old")
    old = blob.generation
    blob.upload_from_string("new")
    with pytest.raises(NotFound, match="No such object"):
        bucket.blob("same", generation=old).download_as_bytes()


def test_a_versioned_bucket_keeps_what_was_replaced_or_deleted(versioned: Bucket) -> None:
    first, second = versioned.blob("v"), versioned.blob("v")
    first.upload_from_string("one")
    second.upload_from_string("two")
    versioned.blob("v").delete()
    assert versioned.get_blob("v") is None
    assert [found.name for found in versioned.list_blobs()] == []
    kept = list(versioned.list_blobs(versions=True))
    assert [found.generation for found in kept] == [first.generation, second.generation]
    assert versioned.blob("v", generation=first.generation).download_as_bytes() == b"one"
    versioned.blob("v", generation=first.generation).delete()
    assert [found.generation for found in versioned.list_blobs(versions=True)] == [
        second.generation
    ]


def test_a_missing_object_is_not_found(bucket: Bucket) -> None:
    with pytest.raises(NotFound, match=f"No such object: {bucket.name}/none"):
        bucket.blob("none").reload()
    with pytest.raises(NotFound, match=f"No such object: {bucket.name}/none"):
        bucket.blob("none").download_as_bytes()
    with pytest.raises(NotFound):
        bucket.blob("none").delete()
    assert not bucket.blob("none").exists()


def test_an_upload_into_a_missing_bucket_is_not_found(client: Client) -> None:
    with pytest.raises(NotFound, match="bucket does not exist"):
        client.bucket("nobody").blob("a").upload_from_string("x")


def test_a_copy_has_the_same_bytes_and_metadata_and_its_own_life(bucket: Bucket) -> None:
    source = bucket.blob("source")
    source.metadata = {"a": "1"}
    source.upload_from_string("content", content_type="text/plain")
    bucket.copy_blob(source, bucket, "copy")
    source.upload_from_string("changed")
    source.delete()
    copied = bucket.get_blob("copy")
    assert copied is not None
    assert copied.download_as_bytes() == b"content"
    assert (copied.metadata, copied.content_type) == ({"a": "1"}, "text/plain")
    assert copied.md5_hash == md5(b"content")


def test_a_rewrite_is_done_at_once_and_can_change_metadata(bucket: Bucket) -> None:
    source = bucket.blob("source")
    source.upload_from_string("content", content_type="text/plain")
    target = bucket.blob("target")
    target.content_type = "text/markdown"
    assert target.rewrite(source) == (None, 7, 7)
    found = bucket.get_blob("target")
    assert found is not None
    assert (found.content_type, found.download_as_bytes()) == ("text/markdown", b"content")


def test_a_renamed_or_moved_object_leaves_nothing_behind(bucket: Bucket) -> None:
    blob = bucket.blob("one")
    blob.upload_from_string("content")
    renamed = bucket.rename_blob(blob, "two")
    bucket.move_blob(renamed, "three/four")
    assert [found.name for found in bucket.list_blobs()] == ["three/four"]
    assert bucket.blob("three/four").download_as_bytes() == b"content"


def test_composing_joins_in_order_without_an_md5(bucket: Bucket) -> None:
    parts = [bucket.blob(f"part{number}") for number in range(3)]
    for number, part in enumerate(parts):
        part.upload_from_string(f"<{number}>")
    whole = bucket.blob("whole")
    whole.content_type = "text/html"
    whole.compose([parts[2], parts[0], parts[1]])
    found = bucket.get_blob("whole")
    assert found is not None
    assert found.download_as_bytes() == b"<2><0><1>"
    assert (found.component_count, found.md5_hash) == (3, None)
    assert found.crc32c == crc32c(b"<2><0><1>")
    assert found.content_type == "text/html"


def test_composing_a_missing_part_makes_nothing(bucket: Bucket) -> None:
    part = bucket.blob("part")
    part.upload_from_string("x")
    with pytest.raises(NotFound):
        bucket.blob("whole").compose([part, bucket.blob("missing")])
    assert not bucket.blob("whole").exists()


def test_a_batch_answers_each_call(client: Client, bucket: Bucket) -> None:
    blobs = [bucket.blob(f"b{number}") for number in range(3)]
    for blob in blobs:
        blob.upload_from_string("x")
    with client.batch():
        blobs[0].delete()
        blobs[1].metadata = {"patched": "yes"}
        blobs[1].patch()
    assert [found.name for found in bucket.list_blobs()] == ["b1", "b2"]
    assert blobs[1].metadata == {"patched": "yes"}
    batch = client.batch()
    with pytest.raises(NotFound):
        _delete_together(batch, [bucket.blob("missing"), blobs[2]])
    assert [found.name for found in bucket.list_blobs()] == ["b1"]


def _delete_together(batch: Batch, blobs: list[Blob]) -> None:
    with batch:
        for blob in blobs:
            blob.delete()


def _hold(blob: Blob) -> None:
    blob.temporary_hold = True
    blob.patch()


REFUSED: list[tuple[str, Any]] = [
    ("temporaryHold", _hold),
    ("/acl", lambda blob: blob.acl.reload()),
    ("encryption keys", lambda blob: Blob("e", blob.bucket, encryption_key=b"k" * 32).reload()),
]


@pytest.mark.parametrize(("named", "call"), REFUSED)
def test_what_the_emulator_does_not_know_is_refused_by_name(
    bucket: Bucket, named: str, call: Any
) -> None:
    blob = bucket.blob("x")
    blob.upload_from_string("x")
    with pytest.raises(MethodNotImplemented, match=named):
        call(blob)
