"""The manifest says what a dataset holds, and says the same however often it is made."""

import hashlib
from datetime import date

import orjson
from hypothesis import given
from hypothesis import strategies as st

from shared.learning.manifest import BucketFacts, FileFacts, manifest, signals_in, success
from shared.learning.training_set import KINDS, Dataset

DATASET = Dataset(date(2026, 11, 22), 3, 99)


def facts(bucket: int) -> BucketFacts:
    files = tuple(
        FileFacts(kind, DATASET.object_of(kind, bucket), 10 + bucket, 2, 100, "0" * 64)
        for kind in KINDS
    )
    return BucketFacts(files, (f"hash-{bucket % 2}",), (1 + bucket % 2,))


ALL = [facts(bucket) for bucket in range(16)]


@given(st.permutations(ALL))
def test_the_order_in_which_buckets_were_written_does_not_show(order: list[BucketFacts]) -> None:
    assert manifest(DATASET, order) == manifest(DATASET, ALL)


def test_totals_count_simulated_rows_apart() -> None:
    told = orjson.loads(manifest(DATASET, ALL))
    rows = 16 * 10 + sum(range(16))
    assert told["totals"]["answers"] == {
        "rows": rows,
        "simulated_rows": 32,
        "real_rows": rows - 32,
        "bytes": 1600,
    }
    assert told["feature_hashes"] == ["hash-0", "hash-1"]
    assert told["weight_table_versions"] == [1, 2]
    assert (told["day"], told["version"], told["newest_seq"]) == ("2026-11-22", 3, 99)


def test_files_are_named_within_the_dataset() -> None:
    told = orjson.loads(manifest(DATASET, ALL))
    assert told["files"][0]["name"] == "answers-00.parquet"
    assert DATASET.object_of("answers", 0) == ("training/dt=2026-11-22/v=3/answers-00.parquet")


def test_signals_are_counted_once_each() -> None:
    assert signals_in(ALL[:1]) == 20


def test_facts_come_back_as_they_were_recorded() -> None:
    assert BucketFacts.read(orjson.loads(orjson.dumps(ALL[3].record()))) == ALL[3]


def test_success_names_the_manifest() -> None:
    assert success(b"told") == hashlib.sha256(b"told").hexdigest().encode()
