"""Posts are kept once, with the node that they speak of."""

from collections.abc import Sequence

import pytest

from shared.nodes.draft import NodeDraft
from shared.nodes.postgres import Nodes
from shared.runtime.postgres import Pool
from shared.sources.evidence import Evidence
from shared.sources.postgres import Posts
from tests.builders import NOON, a_city, a_post, a_vector, a_venue

VENUE = a_venue(1)
NODE = VENUE.node("seattle")


@pytest.fixture
async def posts(pool: Pool) -> Posts:
    """The posts of a city with one node."""
    await pool.execute("TRUNCATE scraped_posts")
    await Nodes(pool).save_city(a_city(), NOON)
    await Nodes(pool).save([NodeDraft(NODE, VENUE.source_ref, a_vector(1), 1)], NOON)
    return Posts(pool)


async def rows(pool: Pool) -> Sequence[dict[str, object]]:
    found = await pool.fetch("SELECT * FROM scraped_posts ORDER BY source, source_ref")
    return [dict(row) for row in found]


async def test_a_post_is_kept_with_its_source_its_node_and_whether_a_tourist_wrote_it(
    pool: Pool, posts: Posts
) -> None:
    local, guide = a_post(1), a_post(1, source="guide", author="guide")
    assert await posts.save("seattle", [Evidence(VENUE, (local, guide))], NOON) == 2
    by_guide, by_local = await rows(pool)
    assert (by_local["id"], by_local["raw_text"]) == (local.key, local.text)
    assert (by_local["activity_node_id"], by_local["city_id"]) == (NODE.id, "seattle")
    assert (by_local["sample"], by_local["posted_at"]) == (True, local.posted_at)
    assert (by_local["tourist_flag"], by_guide["tourist_flag"]) == (False, True)


async def test_reading_a_post_again_stores_it_once_and_keeps_its_newest_words(
    pool: Pool, posts: Posts
) -> None:
    for text in ("First thought.", "Second thought."):
        await posts.save("seattle", [Evidence(VENUE, (a_post(1, text=text),))], NOON)
    (row,) = await rows(pool)
    assert row["raw_text"] == "Second thought."


async def test_no_post_is_no_statement(pool: Pool, posts: Posts) -> None:
    assert await posts.save("seattle", [Evidence(VENUE, ())], NOON) == 0
    assert await rows(pool) == []
