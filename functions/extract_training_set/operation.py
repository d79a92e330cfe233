"""Extracts days: plan once → this shard's buckets → the last shard publishes → archive, tidy up."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import BinaryIO, Protocol

from shared.learning.archive import ARCHIVED_AFTER, ArchiveBroken
from shared.learning.buckets import BUCKETS, buckets_of
from shared.learning.columns import Row
from shared.learning.files import BucketFiles, Format, Storage
from shared.learning.leavers import Leavers, Places
from shared.learning.manifest import BucketFacts, FileFacts, manifest, signals_in, success
from shared.learning.training_set import Dataset
from shared.runtime import log

# To the seventh night: it may begin some seconds earlier than the one that wrote the newer version,
# or hours, where that one was retried; a receipt promises the day.
SUPERSEDED_KEPT = timedelta(days=7) - timedelta(hours=6)


class Bucket(Storage, Protocol):
    """The training bucket; its calls block."""

    def uri(self, name: str) -> str:
        """Return the `gs://` address of an object."""

    def put(self, name: str, content: bytes, content_type: str) -> None:
        """Write a small object."""

    def delete(self, prefix: str) -> int:
        """Delete all objects under the prefix."""


class TableFormat(Format, Protocol):
    """What the files are written in and read as."""

    def read_sizes(self, stream: BinaryIO) -> Iterator[tuple[Sequence[str], Sequence[int]]]:
        """Return the sessions' rankings and the sizes of their sets, some at a time."""


class Days(Protocol):
    """Plans and the state of datasets."""

    async def plan(self, execution: str, at: datetime, only: date | None) -> list[Dataset]:
        """Return what the execution writes, the same for all its shards."""

    async def written(self, dataset: Dataset) -> dict[int, BucketFacts]:
        """Return the facts of the buckets that are done."""

    async def record(self, dataset: Dataset, bucket: int, facts: BucketFacts) -> None:
        """Remember that a bucket is done."""

    async def to_archive(self, before: date) -> list[Dataset]:
        """Return the datasets whose candidate sets lie in their rows too."""

    async def archive(
        self, uri: str, sha256: str, rankings: Sequence[str], sizes: Sequence[int]
    ) -> None:
        """Replace the sets of these rankings by a reference."""

    async def mark_archived(self, dataset: Dataset, at: datetime) -> None:
        """Remember that all references of the day's rows point into this version."""

    async def to_delete(self, at: datetime, archived_before: date) -> list[Dataset]:
        """Return the versions that are due to go and that no row refers to."""

    async def mark_deleted(self, dataset: Dataset, at: datetime) -> None:
        """Remember that a version's objects are gone."""


class Rows(Protocol):
    """The signals."""

    async def name_subjects(self, dataset: Dataset, bucket: int) -> None:
        """Give everyone in the bucket a subject."""

    def of_bucket(self, dataset: Dataset, bucket: int) -> AsyncIterator[Sequence[Row]]:
        """Return the bucket's rows in order, some at a time."""


class Publish(Protocol):
    """Writes what makes the datasets complete; returns how many signals each holds."""

    async def __call__(self) -> Mapping[Dataset, int]:
        """Write manifests and _SUCCESS."""


class Closing(Protocol):
    """The one transaction in which an execution ends."""

    async def close(self, shard: "Shard", publish: Publish) -> bool:
        """Mark the shard; if it is the last, publish, mark the datasets, promise the next step.

        Returns whether the execution is closed, by this or by an earlier try.
        """


@dataclass(frozen=True, slots=True)
class Shard:
    """Which part of which execution this is, when, and for which day alone, if any."""

    job: str
    execution: str
    index: int
    count: int
    at: datetime
    only: date | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """What the extraction needs of the world."""

    days: Days
    rows: Rows
    bucket: Bucket
    format: TableFormat
    places: Places
    chance: Callable[[str], Random]
    closing: Closing


async def extract(shard: Shard, ports: Ports) -> None:
    """Write this shard's part of every day that is due; whatever was done before is kept.

    Raises DayNotOver, ArchiveBroken, and what engines raise: another try goes on from there.
    """
    datasets = await ports.days.plan(shard.execution, shard.at, shard.only)
    leavers = Leavers(ports.places, ports.chance)
    for dataset in datasets:
        written = await ports.days.written(dataset)
        for bucket in buckets_of(shard.index, shard.count):
            if bucket not in written:
                facts = await _write(dataset, bucket, leavers, ports)
                await ports.days.record(dataset, bucket, facts)

    async def publish() -> Mapping[Dataset, int]:
        return {dataset: await _publish(dataset, ports) for dataset in datasets}

    closed = await ports.closing.close(shard, publish)
    log.event("extraction.shard_done", index=shard.index, days=len(datasets), closed=closed)
    if closed:
        await tidy_up(shard.at, ports)


async def _write(dataset: Dataset, bucket: int, leavers: Leavers, ports: Ports) -> BucketFacts:
    """Stream a bucket's rows into its three objects."""
    await ports.rows.name_subjects(dataset, bucket)
    files = await asyncio.to_thread(
        BucketFiles, dataset, bucket, ports.bucket, ports.format, leavers.forget
    )
    try:
        async for rows in ports.rows.of_bucket(dataset, bucket):
            await leavers.prepare(rows)
            await asyncio.to_thread(files.append, rows)
        facts = await asyncio.to_thread(files.close)
    except BaseException as error:
        await asyncio.to_thread(files.abandon, error)
        raise
    rows_by_kind = {file.kind: file.rows for file in facts.files}
    log.event("extraction.bucket_written", day=dataset.day, bucket=bucket, **rows_by_kind)
    return facts


async def _publish(dataset: Dataset, ports: Ports) -> int:
    """Write manifest.json, then _SUCCESS; return how many signals the dataset holds."""
    written = await ports.days.written(dataset)
    missing = sorted(set(range(BUCKETS)) - written.keys())
    if missing:
        raise BucketsMissing(dataset, missing)
    buckets = [written[bucket] for bucket in range(BUCKETS)]
    told = manifest(dataset, buckets)
    name = dataset.prefix + "manifest.json"
    await asyncio.to_thread(ports.bucket.put, name, told, "application/json")
    name = dataset.prefix + "_SUCCESS"
    await asyncio.to_thread(ports.bucket.put, name, success(told), "text/plain")
    return signals_in(buckets)


class BucketsMissing(RuntimeError):
    """All shards are marked done, but not all buckets are."""

    def __init__(self, dataset: Dataset, missing: Sequence[int]) -> None:
        super().__init__(
            f"{dataset.day} version {dataset.version} lacks the buckets {missing}: "
            "its shards did not agree on how many they are."
        )


async def tidy_up(at: datetime, ports: Ports) -> None:
    """Archive old candidate sets, then delete the versions that are due."""
    old = at.astimezone(UTC).date() - ARCHIVED_AFTER
    for dataset in await ports.days.to_archive(old):
        for facts in (await ports.days.written(dataset)).values():
            await _archive(facts.file("sessions"), ports)
        await ports.days.mark_archived(dataset, at)
        log.event("extraction.archived", day=dataset.day, version=dataset.version)
    for dataset in await ports.days.to_delete(at, old):
        objects = await asyncio.to_thread(ports.bucket.delete, dataset.prefix)
        await ports.days.mark_deleted(dataset, at)
        log.event("extraction.deleted", day=dataset.day, version=dataset.version, objects=objects)


async def _archive(file: FileFacts, ports: Ports) -> None:
    """Replace the sets that a file holds, once all of it was read back as it was written."""
    if not file.rows:
        return
    uri = ports.bucket.uri(file.name)
    if await asyncio.to_thread(ports.bucket.sha256, file.name) != file.sha256:
        raise ArchiveBroken(f"{uri} is not what was written there.")
    with ports.bucket.reading(file.name) as stream:
        batches = ports.format.read_sizes(stream)
        while batch := await asyncio.to_thread(next, batches, None):
            rankings, sizes = batch
            await ports.days.archive(uri, file.sha256, rankings, sizes)
