"""A day is written anew when its rows are not what they were, and only then."""

import random
from datetime import timedelta
from uuid import UUID

import asyncpg

from shared.learning.postgres import TrainingDays, mark_stale
from shared.ranking.forgotten import forget_ranking
from tests.builders import an_id
from tests.functions.extract_training_set.world import (
    INSERT,
    NIGHT,
    YESTERDAY,
    World,
    a_trip,
    people,
    store,
)

DAY = timedelta(days=1)
AT = NIGHT - timedelta(hours=5)


def versions(world: World) -> set[str]:
    return {name.split("/")[2] for name in world.names(f"dt={YESTERDAY}")}


async def test_a_second_night_makes_no_new_version(world: World) -> None:
    await people(world.pool)
    await world.run("night-1")
    before = world.names()
    await world.run("night-2", at=NIGHT + DAY)
    await world.run("by-hand", at=NIGHT + DAY, only=YESTERDAY)
    assert world.names() == before


async def test_a_late_row_makes_the_next_version_with_all_rows(world: World) -> None:
    await people(world.pool)
    await world.run("night-1")
    await store(world.pool, "ada-lovelace", "thumbs_up", an_id("late"), AT)
    await world.run("night-2", at=NIGHT + DAY)
    assert versions(world) == {"v=1", "v=2"}
    first, second = (world.manifest(version=version) for version in (1, 2))
    assert second["totals"]["answers"]["rows"] == first["totals"]["answers"]["rows"] + 1
    changed = {
        one["name"] for one, other in zip(second["files"], first["files"], strict=True)
        if one != other
    }  # fmt: skip
    assert len(changed) == 1


async def test_a_row_numbered_early_and_committed_late_makes_the_next_version(
    world: World, database_url: str
) -> None:
    late = await asyncpg.connect(database_url)
    transaction = late.transaction()
    await transaction.start()
    row = (an_id("late"), "ada", "thumbs_up", an_id("n"), an_id("t"), None, None, "{}", "app", 1.0)
    await late.execute(INSERT, *row, AT)
    await people(world.pool)
    await world.run("night-1")
    await transaction.commit()
    await late.close()
    await world.run("night-2", at=NIGHT + DAY)
    assert versions(world) == {"v=1", "v=2"}
    assert world.manifest(version=1)["newest_seq"] == world.manifest(version=2)["newest_seq"]


async def test_rows_that_come_while_a_version_is_written_wait_for_the_next(world: World) -> None:
    await people(world.pool)
    await world.shard("night-1", 0, 2)
    # In the last bucket, which is the second shard's.
    await store(world.pool, "grace-hopper", "thumbs_up", UUID("f" * 32), AT)
    await world.shard("night-1", 1, 2)
    assert world.manifest()["totals"]["answers"]["rows"] == 24 * 3
    await world.run("night-2", at=NIGHT + DAY)
    assert world.manifest(version=2)["totals"]["answers"]["rows"] == 24 * 3 + 1


async def test_an_older_version_goes_in_the_seventh_night_after_the_newer_is_complete(
    world: World,
) -> None:
    await people(world.pool)
    await world.run("night-1")
    await store(world.pool, "ada", "thumbs_up", an_id("late"), AT)
    await world.run("night-2", at=NIGHT + DAY)
    await world.run("night-3", at=NIGHT + 7 * DAY + timedelta(hours=4))
    assert versions(world) == {"v=1", "v=2"}
    await world.run("night-4", at=NIGHT + 8 * DAY)
    assert versions(world) == {"v=2"}


async def test_a_night_that_begins_sooner_than_the_one_before_deletes_in_its_turn_all_the_same(
    world: World,
) -> None:
    await people(world.pool)
    await world.run("night-1")
    await leave(world, "ada-lovelace", "forgotten-1")
    # Retried for some hours.
    await world.run("night-2", at=NIGHT + DAY + timedelta(hours=4))
    await world.run("night-3", at=NIGHT + 8 * DAY - timedelta(seconds=20))
    assert versions(world) == {"v=2"}


async def test_what_is_known_of_old_executions_goes_and_their_datasets_stay(world: World) -> None:
    await people(world.pool)
    await world.run("night-1", shards=2)
    await world.run("night-2", at=NIGHT + DAY)
    days = world.ports.days
    assert isinstance(days, TrainingDays)
    assert await days.delete_finished_before(NIGHT) == 0
    assert await days.delete_finished_before(NIGHT + timedelta(seconds=1)) == 1 + 2
    kept = await world.pool.fetch("SELECT execution FROM training_plans")
    assert [row["execution"] for row in kept] == ["night-2"]
    await world.run("night-3", at=NIGHT + 2 * DAY)
    assert versions(world) == {"v=1"}


async def test_what_an_execution_never_finished_goes_too_and_its_number_is_not_used_again(
    world: World,
) -> None:
    await people(world.pool)
    await world.shard("given-up", 0, 2)
    await world.run("night-2", at=NIGHT + DAY)
    assert versions(world) == {"v=1", "v=2"}
    assert world.manifest(version=2)["version"] == 2
    await world.run("night-3", at=NIGHT + 8 * DAY)
    assert versions(world) == {"v=2"}


async def test_a_day_marked_stale_is_written_anew_with_fresh_subjects(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    await a_trip(world.pool, "grace", 2)
    await world.run("night-1")
    await leave(world, "ada", "forgotten-1")
    await world.run("night-2", at=NIGHT + DAY)
    before, after = ({row["subject"] for row in world.rows("sessions", version=v)} for v in (1, 2))
    assert len(before & after) == 1
    assert len(before | after) == 3
    assert len(world.rows("personas", version=2)) == 1
    assert [len(row["candidates"]) for row in world.rows("sessions", version=2)] == [200, 200]


async def test_a_day_is_marked_however_old_and_others_are_left_alone(world: World) -> None:
    long_ago = YESTERDAY - 60 * DAY
    await a_trip(world.pool, "ada", 1, long_ago)
    await a_trip(world.pool, "grace", 2)
    await world.run("by-hand", only=long_ago)
    await world.run("night-1")
    await leave(world, "ada", "forgotten-1")
    await world.run("night-2", at=NIGHT + DAY)
    assert world.manifest(long_ago, version=2)["totals"]["sessions"]["rows"] == 1
    assert versions(world) == {"v=1"}


async def test_leaving_while_a_version_is_written_is_not_lost(world: World) -> None:
    await people(world.pool)
    await world.shard("night-1", 0, 2)
    await leave(world, "ada-lovelace", "forgotten-1")
    await world.shard("night-1", 1, 2)
    await world.run("night-2", at=NIGHT + DAY)
    assert versions(world) == {"v=1", "v=2"}
    subjects = {row["subject"] for row in world.rows("sessions", version=2)}
    known = await world.pool.fetch("SELECT user_id, subject FROM training_subjects")
    assert {str(row["subject"]) for row in known} == subjects
    assert "ada-lovelace" not in {row["user_id"] for row in known}


async def test_nobody_who_left_is_given_a_subject_that_is_kept(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    world.left.add("ada")
    await world.run()
    assert await world.pool.fetchval("SELECT count(*) FROM training_subjects") == 0
    assert len(world.rows("sessions")) == 1


async def leave(world: World, user: str, pseudonym: str) -> None:
    """What forgetting does to the rows: first the marks, then the records, then the pseudonym."""
    async with world.pool.acquire() as connection, connection.transaction():
        await mark_stale(connection, user)
        records = await connection.fetch(
            "SELECT signal_id, context FROM behavioral_signals"
            " WHERE user_id = $1 AND signal_type = 'candidate_set_logged'",
            user,
        )
        chance = random.SystemRandom()
        forgotten = [
            (forget_ranking(row["context"], world.city.places, chance), row["signal_id"])
            for row in records
        ]
        await connection.executemany(
            "UPDATE behavioral_signals SET context = $1 WHERE signal_id = $2", forgotten
        )
        await connection.execute(
            "UPDATE behavioral_signals SET user_id = $2 WHERE user_id = $1", user, pseudonym
        )
