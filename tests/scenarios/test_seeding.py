"""An administrator seeds a city: what stands in Postgres stands in Qdrant, and twice is once."""

import asyncpg

from tests.scenarios import rows
from tests.scenarios.seeding import (
    Seeding,
    nodes_in_postgres,
    nodes_in_qdrant,
    sample_venues,
    send,
)
from workflows.stack import Stack


async def test_a_limit_of_100_makes_100_nodes_with_vectors_in_postgres_and_in_qdrant(
    seeding: Seeding,
) -> None:
    assert seeding.hundred.status_code == 200, seeding.hundred.text
    answer = seeding.hundred.json()
    assert (answer["nodes"], answer["written"], answer["unchanged"]) == (100, 100, 0)
    assert seeding.hundred_in_postgres == seeding.hundred_in_qdrant == 100
    assert seeding.hundred.headers["X-Model-Version"] == "none"


async def test_a_run_without_a_limit_goes_on_from_what_is_there(seeding: Seeding) -> None:
    answer = seeding.whole.json()
    venues = len(sample_venues())
    assert answer["nodes"] == venues >= 300
    assert (answer["written"], answer["unchanged"]) == (venues - 100, 100)


async def test_a_second_run_writes_nothing_and_asks_the_model_nothing(
    stack: Stack, seeding: Seeding, database: asyncpg.Connection
) -> None:
    await stack.emulator("tasks").until_idle(60)
    written = await database.fetchval("SELECT max(updated_at) FROM activity_nodes")
    asked = await rows.outcomes(database, "extract_vibes")
    again = await send(stack, {"city": "seattle", "limit": 100})
    assert again.status_code == 200
    answer = again.json()
    assert (answer["written"], answer["unchanged"]) == (0, 100)
    assert answer["snapshot"] == seeding.whole.json()["snapshot"]
    assert await rows.outcomes(database, "extract_vibes") == asked
    assert await database.fetchval("SELECT max(updated_at) FROM activity_nodes") == written


async def test_postgres_and_qdrant_hold_the_same_number_of_nodes(
    stack: Stack, seeding: Seeding
) -> None:
    counted = await nodes_in_postgres(stack)
    assert counted == await nodes_in_qdrant(stack) == len(sample_venues())


async def test_every_node_has_evidence_tags_of_the_taxonomy_and_a_typical_hour(
    database: asyncpg.Connection,
) -> None:
    nodes = await database.fetch("SELECT * FROM activity_nodes WHERE city_id = 'seattle'")
    assert {node["origin"] for node in nodes} == {"sample"}
    assert {node["space_version"] for node in nodes} == {1}
    assert {node["hours_source"] for node in nodes if node["opening_hours"]} == {"typical"}
    with_posts = [node for node in nodes if node["cross_ref_confidence"]]
    assert len(with_posts) > 0.9 * len(nodes)
    assert all(node["vibe_tags"] for node in with_posts)


async def test_posts_are_stored_once_as_samples_and_linked_to_their_nodes(
    seeding: Seeding, database: asyncpg.Connection
) -> None:
    stored = await database.fetchrow(
        "SELECT count(*) AS posts, count(activity_node_id) AS linked,"
        " bool_and(sample) AS all_samples FROM scraped_posts"
    )
    assert stored
    assert stored["posts"] == stored["linked"] == seeding.whole.json()["posts"]
    assert stored["all_samples"] is True
