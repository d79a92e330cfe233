"""Listing selects, groups and pages exactly as the names sort."""

import pytest
from google.api_core.exceptions import BadRequest
from google.cloud.storage import Bucket, Client

NAMES = [
    "a",
    "a/",
    "a/1.txt",
    "a/b/2.txt",
    "a/b/3.txt",
    "a/c",
    "b/1.txt",
    "b/\U0010ffff/x",
    "c-1",
    "c/1",
    "é/1",
    "東京/1",
    "\U0001f3ef",
]


@pytest.fixture
def filled(bucket: Bucket, client: Client) -> Bucket:
    for name in reversed(NAMES):
        bucket.blob(name).upload_from_string(b"")
    return bucket


@pytest.mark.parametrize("page_size", [1, 2, 3, 1000])
def test_all_names_come_once_in_the_order_of_their_bytes(filled: Bucket, page_size: int) -> None:
    listed = [found.name for found in filled.list_blobs(page_size=page_size)]
    assert listed == sorted(NAMES, key=str.encode)


@pytest.mark.parametrize("prefix", ["", "a", "a/", "a/b/", "b/\U0010ffff", "c", "é", "none"])
def test_a_prefix_selects_what_begins_with_it(filled: Bucket, prefix: str) -> None:
    listed = [found.name for found in filled.list_blobs(prefix=prefix, page_size=2)]
    assert listed == sorted((n for n in NAMES if n.startswith(prefix)), key=str.encode)


@pytest.mark.parametrize("page_size", [1, 2, 1000])
@pytest.mark.parametrize("prefix", ["", "a/", "a", "b/"])
def test_a_delimiter_groups_what_lies_below(filled: Bucket, prefix: str, page_size: int) -> None:
    iterator = filled.list_blobs(prefix=prefix, delimiter="/", page_size=page_size)
    items = [found.name for found in iterator]
    below = [name for name in NAMES if name.startswith(prefix)]
    hidden = {n: n[: n.index("/", len(prefix)) + 1] for n in below if "/" in n[len(prefix) :]}
    assert items == sorted((n for n in below if n not in hidden), key=str.encode)
    assert iterator.prefixes == set(hidden.values())


def test_a_group_shows_its_own_placeholder_when_asked(filled: Bucket) -> None:
    iterator = filled.list_blobs(delimiter="/", prefix="a", include_trailing_delimiter=True)
    assert [found.name for found in iterator] == ["a", "a/"]


def test_offsets_cut_the_listing(filled: Bucket) -> None:
    listed = filled.list_blobs(start_offset="a/b/2.txt", end_offset="c-1")
    assert [found.name for found in listed] == [
        "a/b/2.txt",
        "a/b/3.txt",
        "a/c",
        "b/1.txt",
        "b/\U0010ffff/x",
    ]


def test_a_limit_ends_the_listing(filled: Bucket) -> None:
    assert [found.name for found in filled.list_blobs(max_results=2)] == ["a", "a/"]


def test_a_page_token_of_nobodys_making_is_refused(filled: Bucket) -> None:
    with pytest.raises(BadRequest, match="pageToken"):
        list(filled.list_blobs(page_token="bm9uc2Vuc2U="))
