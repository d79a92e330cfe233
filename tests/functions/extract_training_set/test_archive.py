"""Candidate sets older than 90 days lie in Parquet alone, verified, and can be extracted anew."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.learning.archive import ArchiveBroken
from tests.builders import an_id
from tests.functions.extract_training_set.test_versions import leave
from tests.functions.extract_training_set.world import (
    NIGHT,
    YESTERDAY,
    World,
    a_candidate,
    a_trip,
    people,
    store,
)

DAY = timedelta(days=1)
OLD = NIGHT + 90 * DAY
"""The first night on which yesterday is more than 90 days ago."""


async def sets(world: World) -> list[Any]:
    """What stands in the rows in the place of candidate sets."""
    rows = await world.pool.fetch(
        "SELECT context -> 'full_candidate_set' AS kept FROM behavioral_signals"
        " WHERE signal_type = 'candidate_set_logged' ORDER BY ranking_id"
    )
    return [row["kept"] for row in rows]


async def test_sets_stay_in_their_rows_for_90_days(world: World) -> None:
    await people(world.pool)
    await world.run("night-1")
    await world.run("night-2", at=OLD - timedelta(seconds=1) - DAY)
    assert {len(kept) for kept in await sets(world)} == {200}


async def test_then_a_reference_with_checksum_and_count_stands_for_them(world: World) -> None:
    await people(world.pool)
    await world.run("night-1")
    before = await world.pool.fetchval("SELECT sum(length(context::text)) FROM behavioral_signals")
    await world.run("night-2", at=OLD)
    files = {file["name"]: file for file in world.manifest()["files"]}
    for kept in await sets(world):
        assert set(kept) == {"archived", "sha256", "count"}
        start = f"gs://memory/training/dt={YESTERDAY}/v=1/"
        file = files[kept["archived"].removeprefix(start)]
        assert (kept["sha256"], kept["count"]) == (file["sha256"], 200)
    after = await world.pool.fetchval("SELECT sum(length(context::text)) FROM behavioral_signals")
    assert after < before / 10
    (context,) = {
        tuple(sorted(row["context"]))
        for row in await world.pool.fetch(
            "SELECT context FROM behavioral_signals WHERE signal_type = 'candidate_set_logged'"
        )
    }
    assert {"user_state", "feature_hash", "exploration_seed"} < set(context)


async def test_a_file_that_is_not_what_was_written_archives_nothing_of_it(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    await world.run("night-1")
    (name,) = [
        f"training/dt={YESTERDAY}/v=1/{file['name']}"
        for file in world.manifest()["files"]
        if file["kind"] == "sessions" and file["rows"]
    ]
    content = bytearray(world.bucket.kept[name])
    content[len(content) // 2] ^= 1
    world.bucket.put(name, bytes(content), "")
    with pytest.raises(ArchiveBroken, match="is not what was written"):
        await world.run("night-2", at=OLD)
    assert [len(kept) for kept in await sets(world)] == [200]


async def test_a_set_of_another_size_than_its_file_says_is_kept(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    await a_trip(world.pool, "grace", 2)
    await world.run("night-1")
    await world.pool.execute(
        "UPDATE behavioral_signals SET context = context #- '{full_candidate_set,7}'"
        " WHERE user_id = 'ada' AND signal_type = 'candidate_set_logged'"
    )
    await world.run("night-2", at=OLD)
    assert sorted(isinstance(kept, list) for kept in await sets(world)) == [False, True]


async def test_an_archived_day_is_written_anew_from_its_archive(world: World) -> None:
    await people(world.pool)
    await world.run("night-1")
    await world.run("night-2", at=OLD)
    await store(world.pool, "grace-hopper", "thumbs_up", an_id("late"), NIGHT - timedelta(hours=5))
    await world.run("night-3", at=OLD + DAY, only=YESTERDAY)
    assert world.rows("sessions", version=2) == world.rows("sessions")
    assert len(world.rows("sessions")) == 24
    assert world.city.asked == []


async def test_references_follow_to_the_new_version_before_the_old_one_goes(world: World) -> None:
    await people(world.pool)
    await world.run("night-1")
    await world.run("night-2", at=OLD)
    await leave(world, "ada-lovelace", "forgotten-1")
    await world.run("night-3", at=OLD + DAY)
    assert {kept["archived"].split("/")[5] for kept in await sets(world)} == {"v=2"}
    await world.run("night-4", at=OLD + 8 * DAY)
    assert {name.split("/")[2] for name in world.names(f"dt={YESTERDAY}")} == {"v=2"}
    await leave(world, "grace-hopper", "forgotten-2")
    await world.run("night-5", at=OLD + 9 * DAY)
    assert world.manifest(version=3)["totals"]["sessions"]["rows"] == 24


async def test_the_old_version_stays_as_long_as_a_row_refers_to_it(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    await a_trip(world.pool, "grace", 2)
    await world.run("night-1")
    await world.run("night-2", at=OLD)
    await leave(world, "ada", "forgotten-1")
    await world.shard("night-3", 0, 2, at=OLD + DAY)
    await world.shard("night-3", 1, 2, at=OLD + DAY)
    await world.pool.execute("UPDATE training_datasets SET archived_at = NULL WHERE version = 2")
    found = await world.ports.days.to_delete(OLD + 30 * DAY, (OLD - 90 * DAY).date())
    assert found == []


async def test_a_day_of_which_some_sets_are_archived_and_some_are_not_is_written_whole(
    world: World,
) -> None:
    await people(world.pool)
    await world.run("night-1")
    await world.run("night-2", at=OLD)
    whole = json.dumps([a_candidate(number) for number in range(200)])
    await world.pool.execute(
        "UPDATE behavioral_signals SET context = jsonb_set(context, '{full_candidate_set}', $1)"
        " WHERE user_id = 'grace-hopper' AND signal_type = 'candidate_set_logged'",
        json.loads(whole),
    )
    await leave(world, "ada-lovelace", "forgotten-1")
    await world.run("night-3", at=OLD + DAY)
    assert [len(row["candidates"]) for row in world.rows("sessions", version=2)] == [200] * 24


async def test_an_archive_that_lacks_a_set_stops_the_extraction_of_its_day(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    await world.run("night-1")
    await world.run("night-2", at=OLD)
    await world.pool.execute(
        "UPDATE behavioral_signals SET ranking_id = gen_random_uuid() WHERE user_id = 'ada'"
    )
    await leave(world, "ada", "forgotten-1")
    with pytest.raises(ArchiveBroken, match="lacks the set of ranking"):
        await world.run("night-3", at=OLD + DAY)
