"""A night writes each day that is due once, the same by any number of shards."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.learning.candidates import logged
from shared.learning.due import DayNotOver
from shared.learning.files import RowsUnreadable
from tests.builders import an_id
from tests.functions.extract_training_set.world import (
    NIGHT,
    YESTERDAY,
    World,
    a_candidate,
    a_record,
    a_trip,
    people,
    store,
)

FILES = [
    *(f"{kind}-{bucket:02d}.parquet" for kind in ("answers", "personas", "sessions")
      for bucket in range(16)),
]  # fmt: skip
OLDER = YESTERDAY - timedelta(days=3)


async def test_a_dataset_is_48_files_a_manifest_with_their_checksums_and_success(
    world: World,
) -> None:
    await people(world.pool)
    await world.run()
    names = [name.rpartition("/")[2] for name in world.names()]
    assert names == sorted([*FILES, "manifest.json", "_SUCCESS"])
    for file in world.manifest()["files"]:
        content = world.read(file["name"])
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["bytes"] == len(content)
    told = world.read("manifest.json")
    assert world.read("_SUCCESS").decode() == hashlib.sha256(told).hexdigest()


async def test_a_session_holds_the_whole_candidate_set_as_it_was_logged(world: World) -> None:
    trip = await a_trip(world.pool, "ada", 1)
    await world.run()
    (session,) = world.rows("sessions")
    assert session["trip_id"] == str(trip)
    assert session["ranking_id"] == str(an_id("ranking ada 1"))
    assert (session["choice_counts"], session["archetypes"]) == ([4], ["food_first"])
    assert [logged(one) for one in session["candidates"]] == [a_candidate(n) for n in range(200)]


async def test_answers_carry_weight_and_context_and_join_their_session(world: World) -> None:
    await a_trip(world.pool, "ada", 1, answers=2)
    await world.run()
    (session,) = world.rows("sessions")
    first, second = world.rows("answers")
    assert {first["subject"], second["subject"]} == {session["subject"]}
    assert {first["ranking_id"], second["ranking_id"]} == {session["ranking_id"]}
    assert (first["weight"], first["weight_table_version"]) == (1.0, 2)
    assert (first["time_to_action_ms"], first["day_part"]) == (900, "morning")
    assert session["seq"] < first["seq"] < second["seq"]


async def test_a_persona_is_the_vector_that_was_ranked_for(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    await world.run()
    (persona,) = world.rows("personas")
    (session,) = world.rows("sessions")
    assert persona["embedding"] == [0.125] * 128
    assert (persona["subject"], persona["ranking_id"]) == (
        session["subject"],
        session["ranking_id"],
    )


async def test_what_a_client_sent_in_a_wrong_type_is_left_out_and_stops_nothing(
    world: World,
) -> None:
    context = {"time_to_action_ms": "soon", "day_of_trip": True, "day_part": 3}
    at = NIGHT - timedelta(hours=5)
    await store(world.pool, "ada", "slot_skip", an_id("trip"), at, context=context)
    await world.run()
    (answer,) = world.rows("answers")
    assert (answer["time_to_action_ms"], answer["day_of_trip"], answer["day_part"]) == (None,) * 3


async def test_what_we_logged_ourselves_and_cannot_read_stops_the_day_and_is_named(
    world: World,
) -> None:
    trip, ranking = an_id("broken trip"), an_id("broken ranking")
    record = a_record(ranking, full_candidate_set=[a_candidate(0, position="first")])
    facts = {"ranking": ranking, "context": record, "node": None}
    await store(
        world.pool, "ada", "candidate_set_logged", trip, NIGHT - timedelta(hours=5), **facts
    )
    with pytest.raises(RowsUnreadable, match=str(trip)):
        await world.run()
    assert not [name for name in world.names() if "SUCCESS" in name]


async def test_signals_without_a_trip_are_extracted_too(world: World) -> None:
    await store(world.pool, "ada", "thumbs_up", None, NIGHT - timedelta(hours=5))
    await world.run()
    (answer,) = world.rows("answers")
    assert answer["trip_id"] is None


async def test_a_day_begins_and_ends_at_midnight_utc(world: World) -> None:
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    for number, at in enumerate(
        (
            midnight - timedelta(microseconds=1),
            midnight,
            midnight + timedelta(days=1, microseconds=-1),
            midnight + timedelta(days=1),
        )
    ):
        await store(world.pool, f"user-{number}", "thumbs_up", None, at)
    await world.run()
    assert {row["created_at"].hour for row in world.rows("answers")} == {0, 23}
    assert world.manifest()["totals"]["answers"]["rows"] == 2
    assert world.manifest(YESTERDAY - timedelta(days=1))["totals"]["answers"]["rows"] == 1
    assert not world.names(f"dt={YESTERDAY + timedelta(days=1)}")


@pytest.mark.parametrize("shards", [2, 4, 5, 20])
async def test_any_number_of_shards_writes_the_same_bytes_as_one(world: World, shards: int) -> None:
    await people(world.pool)
    await world.run()
    alone = {name: world.read(name) for name in [*FILES, "manifest.json", "_SUCCESS"]}
    await world.pool.execute("TRUNCATE training_plans, training_days, job_shards CASCADE")
    await world.run("night-2", shards=shards)
    assert {name: world.read(name) for name in alone} == alone
    assert sum(len(world.read(name)) > 3000 for name in FILES) > 20


async def test_no_byte_of_any_file_holds_a_user_id(world: World) -> None:
    users = await people(world.pool)
    await world.run()
    for name in [*FILES, "manifest.json", "_SUCCESS"]:
        content = world.read(name)
        assert not [user for user in users if user.encode() in content]
    # zstd could hide one: the values themselves hold none either.
    for kind in ("sessions", "answers", "personas"):
        told = json.dumps(world.rows(kind), default=str)
        assert not [user for user in users if user in told]


async def test_a_subject_is_the_same_in_every_dataset_and_says_nothing(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    await a_trip(world.pool, "ada", 2, OLDER)
    await a_trip(world.pool, "grace", 3)
    await world.run()
    found = {row["subject"] for row in (*world.rows("sessions"), *world.rows("sessions", OLDER))}
    assert len(found) == 2
    assert {UUID(subject).version for subject in found} == {4}


async def test_simulated_rows_are_marked_and_counted_apart(world: World) -> None:
    await people(world.pool, trips=24)
    await world.run()
    totals = world.manifest()["totals"]
    told = {name: totals["sessions"][name] for name in ("rows", "simulated_rows", "real_rows")}
    assert told == {"rows": 24, "simulated_rows": 8, "real_rows": 16}
    for kind in ("sessions", "answers", "personas"):
        marked = sum(row["simulated"] for row in world.rows(kind))
        assert marked == totals[kind]["simulated_rows"] == totals[kind]["rows"] // 3


async def test_the_manifest_names_the_features_and_weight_tables_that_were_seen(
    world: World,
) -> None:
    await people(world.pool, trips=2)
    ranking = an_id("another ranking")
    record = a_record(ranking, feature_hash="another-hash")
    facts = {"ranking": ranking, "context": record, "node": None}
    at = NIGHT - timedelta(hours=5)
    await store(world.pool, "ada", "candidate_set_logged", an_id("t"), at, **facts)
    await world.run()
    assert world.manifest()["feature_hashes"] == ["another-hash", "feature-hash"]
    assert world.manifest()["weight_table_versions"] == [2]
    assert world.manifest()["schema_version"] == 1


async def test_a_day_without_rows_has_no_dataset(world: World) -> None:
    await a_trip(world.pool, "ada", 1, OLDER)
    await world.run()
    assert {name.split("/")[1] for name in world.names()} == {f"dt={OLDER}"}


async def test_one_day_can_be_asked_for_alone_also_one_before_the_window(world: World) -> None:
    long_ago = YESTERDAY - timedelta(days=60)
    await a_trip(world.pool, "ada", 1)
    await a_trip(world.pool, "ada", 2, long_ago)
    await world.run(only=long_ago)
    assert {name.split("/")[1] for name in world.names()} == {f"dt={long_ago}"}


async def test_a_day_that_has_not_ended_is_refused(world: World) -> None:
    with pytest.raises(DayNotOver, match="2026-11-23 has not ended"):
        await world.run(only=NIGHT.date())
