"""The scraped_posts table."""

from collections.abc import Sequence
from datetime import datetime

from shared.runtime.postgres import Pool
from shared.sources.evidence import Evidence

_UPSERT = """
INSERT INTO scraped_posts (id, source, source_ref, city_id, author, place, raw_text, sample,
    activity_node_id, tourist_flag, posted_at, processed_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
ON CONFLICT (source, source_ref) DO UPDATE SET author = excluded.author, place = excluded.place,
    raw_text = excluded.raw_text, activity_node_id = excluded.activity_node_id,
    processed_at = excluded.processed_at
"""


class Posts:
    """The posts that nodes are written from."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def save(self, city: str, evidence: Sequence[Evidence], at: datetime) -> int:
        """Store the posts of these places, linked to their nodes; return how many."""
        rows = [
            (
                post.key,
                post.source,
                post.id,
                city,
                post.author,
                post.place,
                post.text,
                post.sample,
                item.venue.node(city).id,
                not post.is_local,
                post.posted_at,
                at,
            )
            for item in evidence
            for post in item.posts
        ]
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.executemany(_UPSERT, rows)
        return len(rows)
