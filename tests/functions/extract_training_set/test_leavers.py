"""What the archive still holds of people who left is written anew without their taste."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_node, an_id
from tests.functions.extract_training_set.test_versions import leave
from tests.functions.extract_training_set.world import (
    NIGHT,
    SETS,
    World,
    a_trip,
    failing,
    people,
    store,
)

DAY = timedelta(days=1)
OLD = NIGHT + 90 * DAY
SHOWN = {str(an_id(f"node {number}")) for number in range(3)}
RETRIEVED = {str(an_id(f"node {number}")) for number in range(SETS)}
Session = Mapping[str, Any]


@pytest.fixture
async def archived(world: World) -> World:
    """Three people's 24 trips lie in version 1, and there alone."""
    await people(world.pool)
    await world.run("night-1")
    await world.run("night-2", at=OLD)
    return world


def sessions(world: World, version: int) -> dict[str, Session]:
    return {row["ranking_id"]: row for row in world.rows("sessions", version=version)}


def left(sessions: Mapping[str, Session]) -> list[Session]:
    return [session for session in sessions.values() if session["forgotten"]]


async def test_of_their_sets_what_was_shown_stays_and_no_measure_of_it(archived: World) -> None:
    await leave(archived, "ada-lovelace", "forgotten-1")
    await archived.run("night-3", at=OLD + DAY)
    before = sessions(archived, version=1)
    assert left(before) == []
    found = left(sessions(archived, version=2))
    assert len(found) == 8
    kept = ("node_id", "position", "propensity", "ranker_score", "confidence", "quality")
    for session in found:
        was = before[session["ranking_id"]]["candidates"]
        assert len(session["candidates"]) == len(was) == SETS
        shown, was_shown = (
            {tuple(one[name] for name in kept) for one in some if one["shown"]}
            for some in (session["candidates"], was)
        )
        assert shown == was_shown
        for candidate in session["candidates"]:
            assert (candidate["retrieval_score"], candidate["similarity"]) == (None, None)


async def test_what_was_not_shown_is_drawn_from_the_city_for_each_trip_anew(
    archived: World,
) -> None:
    await leave(archived, "ada-lovelace", "forgotten-1")
    await archived.run("night-3", at=OLD + DAY)
    draws = []
    for session in left(sessions(archived, version=2)):
        ids = [one["node_id"] for one in session["candidates"]]
        assert ids == sorted(set(ids))
        assert SHOWN < set(ids) < {str(place.id) for place in archived.city.places}
        draws.append(frozenset(ids) - SHOWN)
    assert len(set(draws)) == 8
    # Of 597 about a third is drawn: of those that were retrieved, a third again.
    assert all(40 < len(draw & RETRIEVED) < 90 for draw in draws)


async def test_files_without_anyone_who_left_are_the_same_byte_for_byte(archived: World) -> None:
    await leave(archived, "ada-lovelace", "forgotten-1")
    await archived.run("night-3", at=OLD + DAY)
    before, after = (
        {file["name"]: file["sha256"] for file in archived.manifest(version=version)["files"]}
        for version in (1, 2)
    )
    touched = {session["trip_id"][0] for session in left(sessions(archived, version=2))}
    changed = {name for name in before if before[name] != after[name]}
    assert {f"{int(name[9:11]):x}" for name in changed if name.startswith("sessions")} == touched
    assert {f"{int(name.rpartition('.')[0][-2:]):x}" for name in changed} == touched


async def test_another_persons_sessions_stay_as_they_are(archived: World) -> None:
    await leave(archived, "ada-lovelace", "forgotten-1")
    await archived.run("night-3", at=OLD + DAY)
    before, after = sessions(archived, version=1), sessions(archived, version=2)
    others = [ranking for ranking in after if not after[ranking]["forgotten"]]
    assert len(others) == 16
    assert [after[ranking] for ranking in others] == [before[ranking] for ranking in others]


async def test_four_shards_draw_what_one_does(archived: World) -> None:
    await leave(archived, "ada-lovelace", "forgotten-1")
    await archived.run("night-3", at=OLD + DAY)
    first = archived.manifest(version=2)["files"]
    await archived.pool.execute("DELETE FROM training_buckets WHERE version = 2")
    await archived.pool.execute("DELETE FROM training_datasets WHERE version = 2")
    await back_to_version_1(archived)
    await archived.run("night-4", shards=4, at=OLD + DAY)
    assert archived.manifest(version=2)["files"] == first


async def test_a_try_that_broke_off_is_followed_by_one_that_draws_the_same(
    archived: World,
) -> None:
    await leave(archived, "ada-lovelace", "forgotten-1")
    ports = archived.ports
    vars(ports.days)["record"] = failing(ports.days.record, times=1, after=9)
    with pytest.raises(OSError, match="cut"):
        await archived.shard("night-3", at=OLD + DAY, ports=ports)
    written = {name: archived.bucket.kept[name] for name in archived.names() if "v=2" in name}
    assert len(written) == 10 * 3
    await archived.shard("night-3", at=OLD + DAY)
    assert {name: archived.bucket.kept[name] for name in written} == written


async def test_a_set_is_drawn_once_and_taken_as_it_is_when_another_leaves(archived: World) -> None:
    await leave(archived, "ada-lovelace", "forgotten-1")
    await archived.run("night-3", at=OLD + DAY)
    archived.city.places = [a_node(f"another {number}") for number in range(SETS)]
    await leave(archived, "grace-hopper", "forgotten-2")
    await archived.run("night-4", at=OLD + 2 * DAY)
    before, after = sessions(archived, version=2), sessions(archived, version=3)
    known = {session["ranking_id"] for session in left(before)}
    assert len(left(after)) == 2 * len(known)
    for ranking in known:
        assert after[ranking]["candidates"] == before[ranking]["candidates"]


async def test_a_set_that_was_drawn_before_it_was_archived_stays_as_it_is(world: World) -> None:
    await people(world.pool)
    await leave(world, "ada-lovelace", "forgotten-1")
    await world.run("night-1")
    await world.run("night-2", at=OLD)
    await leave(world, "grace-hopper", "forgotten-2")
    await world.run("night-3", at=OLD + DAY)
    before, after = sessions(world, version=1), sessions(world, version=2)
    assert len(left(before)) == 8
    for session in left(before):
        assert after[session["ranking_id"]]["candidates"] == session["candidates"]


async def test_who_leaves_while_a_version_is_written_is_drawn_in_the_next(archived: World) -> None:
    await leave(archived, "grace-hopper", "forgotten-2")
    await archived.shard("night-3", 0, 2, at=OLD + DAY)
    await archived.shard("night-3", 1, 2, at=OLD + DAY, ports=archived.ports)
    # Her sets are in version 2 as they were, and her rows refer to it.
    await leave(archived, "ada-lovelace", "forgotten-1")
    await archived.run("night-4", at=OLD + 2 * DAY)
    for session in left(sessions(archived, version=3)):
        assert all(one["similarity"] is None for one in session["candidates"])
    assert len(left(sessions(archived, version=3))) == 16


async def test_a_city_is_read_once_a_run_and_only_where_someone_left(world: World) -> None:
    await a_trip(world.pool, "ada", 1)
    await a_trip(world.pool, "ada", 2)
    await a_trip(world.pool, "grace", 3)
    await world.run("night-1")
    await world.run("night-2", at=OLD)
    assert world.city.asked == []
    await leave(world, "ada", "forgotten-1")
    await world.run("night-3", at=OLD + DAY)
    assert world.city.asked == ["seattle"]


async def test_an_answer_that_calls_itself_forgotten_is_an_answer_like_others(
    world: World,
) -> None:
    context = {"forgotten": True, "full_candidate_set": {"archived": "gs://x"}, "city": "atlantis"}
    at = NIGHT - timedelta(hours=5)
    await store(world.pool, "ada", "slot_skip", an_id("trip"), at, context=context)
    await world.run("night-1")
    assert len(world.rows("answers")) == 1
    assert world.city.asked == []


async def back_to_version_1(world: World) -> None:
    """The rows refer to version 1 again, as they did before the night."""
    for file in world.manifest(version=1)["files"]:
        if file["kind"] == "sessions" and file["rows"]:
            reference = f"gs://memory/training/dt={{}}/v={{}}/{file['name']}"
            day = world.manifest(version=1)["day"]
            await world.pool.execute(
                "UPDATE behavioral_signals SET context = jsonb_set(jsonb_set(context,"
                " '{full_candidate_set,archived}', to_jsonb($2::text)),"
                " '{full_candidate_set,sha256}', to_jsonb($3::text))"
                " WHERE context -> 'full_candidate_set' ->> 'archived' = $1",
                reference.format(day, 2),
                reference.format(day, 1),
                file["sha256"],
            )
