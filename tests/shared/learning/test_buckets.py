"""Sixteen buckets by the first hex digit, shared out among any number of shards."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.learning.buckets import BUCKETS, bounds, buckets_of


@given(st.integers(1, 40))
def test_each_bucket_is_written_by_exactly_one_shard(shards: int) -> None:
    written = [bucket for shard in range(shards) for bucket in buckets_of(shard, shards)]
    assert sorted(written) == list(range(BUCKETS))


@given(st.uuids())
def test_an_id_lies_in_the_bucket_of_its_first_digit_alone(id: UUID) -> None:
    within = [bucket for bucket in range(BUCKETS) if bounds(bucket)[0] <= id <= bounds(bucket)[1]]
    assert within == [int(str(id)[0], 16)]
