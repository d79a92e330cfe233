"""A run that breaks off anywhere is taken up where it was, and ends as if it had not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.extract_training_set.operation import BucketsMissing, Ports
from tests.functions.extract_training_set.world import World, failing, people


def cut(world: World, part: str, method: str, after: int) -> Ports:
    """Ports of which one call breaks off once."""
    ports = world.ports
    port = getattr(ports, part)
    setattr(port, method, failing(getattr(port, method), times=1, after=after))
    return ports


def cut_blocking(world: World, method: str, after: int) -> Ports:
    """The same for a call to the bucket, which blocks."""
    ports = world.ports
    call: Callable[..., Any] = getattr(world.bucket, method)
    count = 0

    def run(*args: Any) -> Any:
        nonlocal count
        count += 1
        if count == after + 1:
            raise OSError("cut")
        return call(*args)

    stand_in = type("Cut", (), {"__getattr__": lambda _, name: getattr(world.bucket, name)})()
    setattr(stand_in, method, run)
    return replace(ports, bucket=stand_in)


async def whole(world: World) -> bytes:
    """The manifest that an undisturbed run writes; what it left is forgotten but for subjects."""
    await world.run("undisturbed", shards=2)
    told = world.read("manifest.json")
    await world.pool.execute("TRUNCATE training_plans, training_days, job_shards, outbox CASCADE")
    world.bucket.delete("")
    return told


@pytest.mark.parametrize(
    ("part", "method", "after"),
    [
        ("days", "record", 0),
        ("days", "record", 5),
        ("rows", "name_subjects", 4),
        ("days", "written", 1),
        ("days", "to_archive", 0),
    ],
)
async def test_a_step_that_breaks_off_ends_with_the_same_manifest(
    world: World, part: str, method: str, after: int
) -> None:
    await people(world.pool)
    undisturbed = await whole(world)
    await world.shard("night", 0, 2)
    with pytest.raises(OSError, match="cut"):
        await world.shard("night", 1, 2, ports=cut(world, part, method, after))
    await world.shard("night", 1, 2)
    assert world.read("manifest.json") == undisturbed
    assert await promised(world) == 1


@pytest.mark.parametrize(
    ("method", "after"), [("writing", 1), ("writing", 7), ("put", 0), ("put", 1)]
)
async def test_an_object_that_cannot_be_written_ends_with_the_same_manifest(
    world: World, method: str, after: int
) -> None:
    await people(world.pool)
    undisturbed = await whole(world)
    await world.shard("night", 0, 2)
    with pytest.raises(OSError, match="cut"):
        await world.shard("night", 1, 2, ports=cut_blocking(world, method, after))
    assert await promised(world) == 0
    await world.shard("night", 1, 2)
    assert world.read("manifest.json") == undisturbed
    assert await promised(world) == 1


async def test_a_task_that_is_told_to_stop_leaves_nothing_half_written(world: World) -> None:
    await people(world.pool)
    undisturbed = await whole(world)
    reading = asyncio.Event()
    ports = world.ports
    rows_of = ports.rows.of_bucket

    async def slow(*args: Any) -> AsyncIterator[Any]:
        async for rows in rows_of(*args):
            reading.set()
            for row in rows:
                yield [row]

    vars(ports.rows)["of_bucket"] = slow
    running = asyncio.create_task(world.shard("night", 0, 1, ports=ports))
    await reading.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not world.names()
    await world.shard("night", 0, 1)
    assert world.read("manifest.json") == undisturbed


async def test_a_bucket_that_is_done_is_not_written_again(world: World) -> None:
    await people(world.pool)
    with pytest.raises(OSError, match="cut"):
        await world.shard(ports=cut(world, "days", "record", 5))
    before = generations(world)
    await world.shard()
    after = generations(world)
    kept = [name for name in before if before[name] == after[name]]
    # Five buckets were recorded; the sixth was written and not recorded.
    assert len(before) == 6 * 3
    assert len(kept) == 5 * 3


async def test_no_manifest_stands_before_the_last_shard_is_done(world: World) -> None:
    await people(world.pool)
    for index in (2, 0, 1):
        await world.shard("night", index, 4)
        assert not [name for name in world.names() if not name.endswith(".parquet")]
    await world.shard("night", 3, 4)
    assert world.manifest()["totals"]["sessions"]["rows"] == 24


async def test_the_next_step_is_promised_and_sent_once_by_the_shard_that_completes_the_set(
    world: World,
) -> None:
    await people(world.pool, trips=3)
    await world.run("night", shards=4)
    await world.shard("night", 3, 4)
    await world.shard("night", 0, 4)
    (message,) = world.queue.sent
    assert (message.kind, message.target, message.payload) == (
        "task",
        "refresh_personas",
        {"env": {}},
    )
    (row,) = await world.pool.fetch("SELECT * FROM outbox")
    assert row["sent_at"] is not None


async def test_a_night_without_a_due_day_starts_the_next_step_all_the_same(world: World) -> None:
    await world.run("night", shards=4)
    assert [message.target for message in world.queue.sent] == ["refresh_personas"]


async def test_shards_that_disagree_on_their_number_complete_nothing(world: World) -> None:
    await people(world.pool)
    await world.shard("night", 1, 4)
    with pytest.raises(BucketsMissing, match=r"lacks the buckets \[3, 7, 11, 15\]"):
        await world.shard("night", 0, 2)
    assert not [name for name in world.names() if name.endswith("_SUCCESS")]


async def promised(world: World) -> int:
    found: int = await world.pool.fetchval("SELECT count(*) FROM outbox")
    return found


def generations(world: World) -> dict[str, int]:
    return dict(world.bucket.generations)
