"""Seeds the sample city as an administrator would, and keeps what was answered."""

import json
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
from qdrant_client import AsyncQdrantClient

from workflows.manifest import ROOT
from workflows.stack import Stack

_SAMPLE = ROOT / "emulators" / "sources" / "data" / "seattle"


@dataclass(frozen=True)
class Seeding:
    """Two runs, the first of a hundred places, and where the places then stood."""

    hundred: httpx.Response
    whole: httpx.Response
    hundred_in_postgres: int
    hundred_in_qdrant: int


async def seed(stack: Stack) -> Seeding:
    """Seeds a hundred places, then all."""
    hundred = await send(stack, {"city": "seattle", "limit": 100})
    counted = await nodes_in_postgres(stack), await nodes_in_qdrant(stack)
    return Seeding(hundred, await send(stack, {"city": "seattle"}), *counted)


async def send(stack: Stack, body: dict[str, Any]) -> httpx.Response:
    """The administrator's call."""
    headers = {"Authorization": f"Bearer {await stack.token('seeder', admin=True)}"}
    async with stack.client(timeout=120) as client:
        return await client.post("/api/v1/admin/seed-city", json=body, headers=headers)


async def nodes_in_postgres(stack: Stack) -> int:
    """How many of the city's nodes have a vector in the truth."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM activity_nodes"
            " WHERE city_id = 'seattle' AND vibe_embedding IS NOT NULL"
        )
    finally:
        await connection.close()
    return count


async def nodes_in_qdrant(stack: Stack) -> int:
    """How many points the index holds."""
    client = AsyncQdrantClient(url=stack.addresses.qdrant_url, check_compatibility=False)
    try:
        return (await client.count("nodes_s1", exact=True)).count
    finally:
        await client.close()


def sample_venues() -> list[dict[str, Any]]:
    """The venues as they stand in the sample's file."""
    lines = (_SAMPLE / "venues.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
