"""Buckets are created, listed, changed and deleted."""

import pytest
from google.api_core.exceptions import (
    BadRequest,
    Conflict,
    MethodNotImplemented,
    NotFound,
    PreconditionFailed,
)
from google.cloud.storage import Bucket, Client


def test_a_created_bucket_is_there_with_its_settings(client: Client, bucket: Bucket) -> None:
    made = client.bucket(f"{bucket.name}-eu")
    made.storage_class = "NEARLINE"
    made.labels = {"city": "seattle"}
    client.create_bucket(made, location="EU")
    found = client.get_bucket(made.name)
    assert (found.location, found.storage_class) == ("EU", "NEARLINE")
    assert (found.labels, found.metageneration) == ({"city": "seattle"}, 1)
    assert found.time_created is not None


def test_creating_a_bucket_twice_is_a_conflict(client: Client, bucket: Bucket) -> None:
    with pytest.raises(Conflict, match="you already own it"):
        client.create_bucket(bucket.name)


def test_an_unknown_bucket_is_not_found(client: Client) -> None:
    with pytest.raises(NotFound, match="The specified bucket does not exist"):
        client.get_bucket("nobody")
    assert client.lookup_bucket("nobody") is None


@pytest.mark.parametrize("name", ["ab", "Upper", "a..b", "../etc", "10.0.0.1", "goog-x", "x" * 64])
def test_a_name_that_google_forbids_is_refused(client: Client, name: str) -> None:
    bucket = client.bucket("placeholder")
    bucket.name = name
    with pytest.raises(BadRequest, match="Invalid bucket name"):
        bucket.create(client)


def test_a_patch_changes_what_it_names_and_raises_the_metageneration(
    client: Client, bucket: Bucket
) -> None:
    bucket.labels = {"a": "1", "b": "2"}
    bucket.patch()
    changed = client.get_bucket(bucket.name)
    labels = changed.labels
    del labels["a"]
    changed.labels = labels
    changed.versioning_enabled = True
    changed.patch()
    found = client.get_bucket(bucket.name)
    assert (found.labels, found.versioning_enabled, found.metageneration) == ({"b": "2"}, True, 3)


def test_a_patch_on_an_outdated_metageneration_is_refused(bucket: Bucket) -> None:
    bucket.labels = {"a": "1"}
    bucket.patch(if_metageneration_match=1)
    bucket.labels = {"a": "2"}
    with pytest.raises(PreconditionFailed):
        bucket.patch(if_metageneration_match=1)


def test_buckets_are_listed_by_prefix_over_pages(client: Client, bucket: Bucket) -> None:
    names = [f"{bucket.name}-{number}" for number in range(5)]
    for name in names:
        client.create_bucket(name)
    listed = client.list_buckets(prefix=f"{bucket.name}-", page_size=2)
    assert [found.name for found in listed] == names


def test_a_bucket_with_objects_cannot_be_deleted_until_forced(
    client: Client, bucket: Bucket
) -> None:
    bucket.blob("a/b").upload_from_string("x")
    with pytest.raises(Conflict, match="not empty"):
        bucket.delete()
    bucket.delete(force=True)
    assert client.lookup_bucket(bucket.name) is None


def test_a_setting_that_would_have_to_be_enforced_is_refused_by_name(bucket: Bucket) -> None:
    bucket.retention_period = 60
    with pytest.raises(MethodNotImplemented, match="retentionPolicy"):
        bucket.patch()


def test_access_lists_are_refused_by_name(bucket: Bucket) -> None:
    with pytest.raises(MethodNotImplemented, match="/acl"):
        bucket.acl.reload()
    with pytest.raises(MethodNotImplemented, match="/iam"):
        bucket.get_iam_policy()
