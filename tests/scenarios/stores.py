"""All that the stores of the stack hold, as texts that can be searched for a person."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
from pyarrow import parquet
from qdrant_client import AsyncQdrantClient
from redis.asyncio import Redis

from shared.runtime.postgres import open_pool
from shared.runtime.settings import Settings
from tests.functions.forget_user.scan import read_all
from workflows.runner.addresses import PROJECT
from workflows.stack import Stack


async def in_postgres(stack: Stack) -> list[str]:
    """Every row of every table."""
    pool = await open_pool(Settings({"DATABASE_URL": stack.database_url}))
    try:
        return [f"{row.table} {row.text}" for row in await read_all(pool)]
    finally:
        await pool.close()


async def in_redis(redis: Redis) -> list[str]:
    """Every key with its value."""
    keys = [key async for key in redis.scan_iter(count=1000)]
    assert {await redis.type(key) for key in keys} <= {"string"}, "read the new type here too"
    return [f"{key} {await redis.get(key)!r}" for key in keys]


async def in_qdrant(stack: Stack) -> list[str]:
    """Every point's id and payload."""
    client = AsyncQdrantClient(url=stack.addresses.qdrant_url, check_compatibility=False)
    try:
        found = []
        for collection in (await client.get_collections()).collections:
            points, _ = await client.scroll(collection.name, limit=10_000, with_payload=True)
            found += [f"{point.id} {point.payload}" for point in points]
        return found
    finally:
        await client.close()


async def in_storage(stack: Stack) -> list[str]:
    """Every object of every bucket by name and content; Parquet's rows as they are read."""
    return [f"{name} {read(name, data)}" for name, data in (await objects(stack)).items()]


async def objects(stack: Stack) -> dict[str, bytes]:
    """Every object of every bucket, by its name there."""
    found = {}
    host = stack.addresses.emulators["storage"]["http"]
    async with httpx.AsyncClient(base_url=host) as client:
        buckets = (await client.get("/storage/v1/b", params={"project": PROJECT})).json()
        for bucket in buckets.get("items", []):
            path = f"/storage/v1/b/{bucket['name']}/o"
            async for name in _names(client, path):
                address = f"{path}/{quote(name, safe='')}"
                answer = await client.get(address, params={"alt": "media"})
                found[name] = answer.raise_for_status().content
    return found


def read(name: str, data: bytes) -> str:
    """An object as text; Parquet's rows as they are read."""
    if name.endswith(".parquet"):
        return str(parquet.read_table(io.BytesIO(data)).to_pylist())
    return data.decode(errors="replace")


async def _names(client: httpx.AsyncClient, path: str) -> AsyncIterator[str]:
    page: dict[str, Any] = {"nextPageToken": ""}
    while "nextPageToken" in page:
        answer = await client.get(path, params={"pageToken": page["nextPageToken"]})
        page = answer.raise_for_status().json()
        for item in page.get("items", []):
            yield item["name"]


async def undelivered(stack: Stack, topic: str) -> int:
    """How many messages our subscriptions on a topic still hold."""
    state = await stack.emulator("pubsub").state()
    return sum(
        each["undelivered"] + each["outstanding"]
        for each in state["subscriptions"].values()
        if each["topic"].endswith(f"/{topic}")
    )


async def in_logs(stack: Stack) -> str:
    """What every function has written."""

    def read() -> str:
        files = (path for path in stack._folder.logs.rglob("*") if path.is_file())
        return "".join(path.read_text(errors="replace") for path in files)

    return await asyncio.to_thread(read)
