"""Each trip leaves one record of its ranking, with all 200 candidates: none can be made later."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.scenarios import rows
from tests.scenarios.problems import refused
from tests.scenarios.routes import PERSONA
from tests.scenarios.traveller import Traveller, Trip, slots_of

RECORD = {
    "schema_version",
    "ranking_id",
    "request_id",
    "policy",
    "model",
    "prompt_version",
    "space_version",
    "city",
    "city_snapshot",
    "rung",
    "reason",
    "blend_weight",
    "feature_hash",
    "exploration_seed",
    "group_size",
    "trip_days",
    "day_part",
    "user_state",
    "full_candidate_set",
}
CANDIDATE = {
    "node_id",
    "retrieval_score",
    "ranker_score",
    "confidence",
    "sources",
    "shown",
    "position",
    "propensity",
    "features",
}
FEATURES = {"similarity", "quality", "source_tier", "category", "overrated", "cell_scores"}


@pytest.fixture
async def onboarded(traveller: Traveller) -> Traveller:
    await traveller.onboard(food=["ramen", "coffee"])
    return traveller


async def test_a_trip_logs_one_candidate_set_of_200_different_nodes(
    onboarded: Traveller, database: asyncpg.Connection
) -> None:
    trip = await onboarded.trip()
    (row,) = await rows.candidate_sets(database, trip["id"])
    candidates = row["context"]["full_candidate_set"]
    assert len({candidate["node_id"] for candidate in candidates}) == len(candidates) == 200
    assert (row["user_id"], row["origin"], row["weight"]) == (onboarded.id, "system", 1.0)


async def test_the_record_has_every_field_that_cannot_be_recovered_later(
    onboarded: Traveller, database: asyncpg.Connection
) -> None:
    context = await rows.candidate_set(database, (await onboarded.trip())["id"])
    assert context.keys() == RECORD
    assert all(context[name] is not None for name in RECORD - {"day_part"})
    for candidate in context["full_candidate_set"]:
        assert candidate.keys() == CANDIDATE
        assert candidate["features"].keys() == FEATURES
        assert candidate["sources"] == ["qdrant"]
        assert -1 <= candidate["retrieval_score"] <= 1
    scores = [candidate["retrieval_score"] for candidate in context["full_candidate_set"]]
    assert scores == sorted(scores, reverse=True)


async def test_what_the_ranker_did_not_name_is_logged_with_no_score_of_its_own(
    onboarded: Traveller, database: asyncpg.Connection
) -> None:
    context = await rows.candidate_set(database, (await onboarded.trip(days=1))["id"])
    named = [c for c in context["full_candidate_set"] if c["ranker_score"] is not None]
    assert 0 < len(named) <= 3 * 24
    for candidate in context["full_candidate_set"]:
        assert (candidate["ranker_score"] is None) == (candidate["confidence"] is None)
        assert (candidate["ranker_score"] is None) == (not candidate["features"]["cell_scores"])


async def test_shown_position_and_propensity_agree_with_the_slots(
    onboarded: Traveller, database: asyncpg.Connection
) -> None:
    trip = await onboarded.trip()
    shown = await _shown(database, trip)
    stored = await database.fetch(
        "SELECT * FROM itinerary_slots WHERE trip_id = $1 ORDER BY day_number, slot_order",
        trip["id"],
    )
    positions = count(1)
    for answered, slot in zip(slots_of(trip), stored, strict=True):
        assert answered["activity_node"]["id"] == str(slot["activity_node_id"])
        logged = shown.pop(str(slot["activity_node_id"]))
        assert logged == (next(positions), slot["propensity"])
    assert not shown


async def test_one_stop_a_day_explores_with_the_odds_it_was_drawn_at(
    onboarded: Traveller, database: asyncpg.Connection
) -> None:
    trip = await onboarded.trip(days=5)
    for day in range(1, 6):
        odds = await database.fetch(
            "SELECT explores, propensity FROM itinerary_slots"
            " WHERE trip_id = $1 AND day_number = $2",
            trip["id"],
            day,
        )
        (drawn,) = [row["propensity"] for row in odds if row["explores"]]
        assert 1 / 8 <= drawn <= 1
        assert {row["propensity"] for row in odds if not row["explores"]} == {1.0}


async def test_trip_slots_and_record_are_joined_by_one_ranking_and_name_one_model(
    onboarded: Traveller, database: asyncpg.Connection
) -> None:
    trip = await onboarded.trip()
    (row,) = await rows.candidate_sets(database, trip["id"])
    joined = await database.fetch(
        "SELECT DISTINCT trip.ranking_id AS trip, slot.ranking_id AS slot,"
        " trip.model_version AS trip_model, slot.model_version AS slot_model"
        " FROM trips trip JOIN itinerary_slots slot ON slot.trip_id = trip.id WHERE trip.id = $1",
        trip["id"],
    )
    (found,) = joined
    ranking = UUID(row["context"]["ranking_id"])
    assert found["trip"] == found["slot"] == row["ranking_id"] == ranking
    assert found["trip_model"] == found["slot_model"] == row["model_version"]
    assert row["model_version"] == trip["model_version"]


async def test_the_user_state_is_the_persona_that_was_ranked_for(
    onboarded: Traveller, database: asyncpg.Connection
) -> None:
    persona = (await onboarded.send("GET", PERSONA)).json()["persona"]
    (state,) = await _user_state(onboarded, database)
    assert state["persona_embedding"] == pytest.approx(persona["embedding"])
    assert (state["space_version"], state["archetype"]) == (1, persona["archetype"])
    assert (state["choice_count"], state["is_cold"]) == (0, True)


async def test_the_user_state_of_someone_who_told_nothing_is_the_middle_they_were_ranked_by(
    traveller: Traveller, database: asyncpg.Connection
) -> None:
    (state,) = await _user_state(traveller, database)
    assert len(state["persona_embedding"]) == 128
    assert state["space_version"] == 1
    assert state["archetype"] in ("food_first", "culture_first", "outdoors_first")
    assert state["persona_source"] == "default"


@pytest.mark.parametrize(
    ("table", "column"),
    [("behavioral_signals", "context"), ("itinerary_slots", "explores"), ("outbox", "payload")],
)
async def test_trip_slots_record_and_promises_are_written_together_or_not_at_all(
    onboarded: Traveller, database: asyncpg.Connection, table: str, column: str
) -> None:
    before = await rows.counts(database)
    await database.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO gone")
    try:
        answer = await onboarded.plan(key=str(uuid4()))
    finally:
        await database.execute(f"ALTER TABLE {table} RENAME COLUMN gone TO {column}")
    assert refused(answer, 500, "trace_id")["trace_id"]
    assert await rows.counts(database) == before


async def _user_state(traveller: Traveller, database: asyncpg.Connection) -> list[dict[str, Any]]:
    context = await rows.candidate_set(database, (await traveller.trip())["id"])
    state: list[dict[str, Any]] = context["user_state"]
    return state


async def _shown(database: asyncpg.Connection, trip: Trip) -> dict[str, tuple[int, float]]:
    context = await rows.candidate_set(database, trip["id"])
    return {
        candidate["node_id"]: (candidate["position"], candidate["propensity"])
        for candidate in context["full_candidate_set"]
        if candidate["shown"]
    }
