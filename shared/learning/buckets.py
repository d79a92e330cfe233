"""The sixteen parts of a day: by the first hex digit of the trip, whatever the number of shards."""

from typing import Final
from uuid import UUID

BUCKETS: Final = 16


def buckets_of(shard: int, shards: int) -> range:
    """Return the buckets that shard `shard` of `shards` writes; of more than 16 some write none."""
    return range(shard, BUCKETS, shards)


def bounds(bucket: int) -> tuple[UUID, UUID]:
    """Return the smallest and the largest id in the bucket, both within."""
    digit = f"{bucket:x}"
    return UUID(digit + "0" * 31), UUID(digit + "f" * 31)
