"""A database with rows of some days, a bucket of its own, and shards that run in this process."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from functions.extract_training_set.main import LastShard
from functions.extract_training_set.operation import Ports, Shard, extract
from shared.learning.parquet import Parquet
from shared.learning.postgres import TrainingDays, TrainingRows
from shared.nodes.node import ActivityNode
from shared.outbox.message import Message
from shared.outbox.send import Sender
from shared.runtime.postgres import Connection, Pool
from tests.builders import a_node, an_id
from tests.shared.learning.memory_bucket import MemoryBucket

NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
YESTERDAY = date(2026, 11, 22)
SETS = 200


class City:
    """A city in which the 200 that the tests' rankings retrieved are some of 600."""

    def __init__(self) -> None:
        self.places = [a_node(f"node {number}") for number in range(3 * SETS)]
        self.asked: list[str] = []

    async def visible(self, city: str) -> Sequence[ActivityNode]:
        self.asked.append(city)
        return self.places


class Queue:
    """Takes tasks."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, message: Message) -> None:
        self.sent.append(message)


@dataclass
class World:
    """What an extraction meets."""

    pool: Pool
    bucket: MemoryBucket = field(default_factory=MemoryBucket)
    left: set[str] = field(default_factory=set)
    queue: Queue = field(default_factory=Queue)
    city: City = field(default_factory=City)

    @property
    def ports(self) -> Ports:
        async def hold(connection: Connection, ids: Iterable[str]) -> set[str]:
            return self.left.intersection(ids)

        return Ports(
            days=TrainingDays(self.pool),
            rows=TrainingRows(self.pool, hold),
            bucket=self.bucket,
            format=Parquet(),
            places=self.city,
            chance=random.Random,
            closing=LastShard(self.pool, Sender(tasks=self.queue)),
        )

    async def run(
        self, execution: str = "night-1", shards: int = 1, at: datetime = NIGHT, **more: Any
    ) -> None:
        """All shards of one execution, one after another."""
        for index in range(shards):
            await self.shard(execution, index, shards, at, **more)

    async def shard(
        self,
        execution: str = "night-1",
        index: int = 0,
        shards: int = 1,
        at: datetime = NIGHT,
        only: date | None = None,
        ports: Ports | None = None,
    ) -> None:
        shard = Shard("extract_training_set", execution, index, shards, at, only)
        await extract(shard, ports or self.ports)

    def names(self, prefix: str = "") -> list[str]:
        return sorted(name for name in self.bucket.kept if name.startswith(f"training/{prefix}"))

    def read(self, name: str, day: date = YESTERDAY, version: int = 1) -> bytes:
        """An object of a dataset."""
        return self.bucket.kept[f"training/dt={day}/v={version}/{name}"]

    def manifest(self, day: date = YESTERDAY, version: int = 1) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.read("manifest.json", day, version))
        return told

    def rows(self, kind: str, day: date = YESTERDAY, version: int = 1) -> list[dict[str, Any]]:
        """All rows of a kind, bucket by bucket."""
        found: list[dict[str, Any]] = []
        for bucket in range(16):
            content = self.read(f"{kind}-{bucket:02d}.parquet", day, version)
            found.extend(pq.read_table(pa.BufferReader(content)).to_pylist())
        return found


def a_candidate(number: int, **changes: Any) -> dict[str, Any]:
    """A candidate as shared/ranking/record.py logs it."""
    shown = number < 3
    return {
        "node_id": str(an_id(f"node {number}")),
        "retrieval_score": 1 - number / 300,
        "ranker_score": 1 - number / 24 if number < 24 else None,
        "confidence": 0.9 if number < 24 else None,
        "sources": ["qdrant"],
        "shown": shown,
        "position": number + 1 if shown else None,
        "propensity": 0.5 if shown else None,
        "features": {
            "similarity": 1 - number / 200,
            "quality": 0.25,
            "source_tier": 2,
            "category": "coffee_shop",
            "overrated": False,
            "cell_scores": {"morning/1": 0.75} if number < 24 else {},
        },
    } | changes


def a_record(ranking: UUID, **changes: Any) -> dict[str, Any]:
    """The context of a candidate set."""
    member = {
        "persona_embedding": [0.125] * 128,
        "persona_source": "llm",
        "space_version": 1,
        "archetype": "food_first",
        "choice_count": 4,
        "is_cold": True,
    }
    return {
        "schema_version": 1,
        "ranking_id": str(ranking),
        "request_id": "r",
        "policy": "cells-1",
        "model": "claude-haiku-4-5",
        "prompt_version": "rank-1",
        "space_version": 1,
        "city": "seattle",
        "city_snapshot": "s1",
        "rung": "cache",
        "reason": "3 of 3 cells",
        "blend_weight": 0.6,
        "feature_hash": "feature-hash",
        "exploration_seed": 7,
        "group_size": 1,
        "trip_days": 1,
        "day_part": None,
        "user_state": [member],
        "full_candidate_set": [a_candidate(number) for number in range(SETS)],
    } | changes


INSERT = """
INSERT INTO behavioral_signals (signal_id, user_id, signal_type, activity_node_id, trip_id,
    slot_id, ranking_id, model_version, context, origin, weight, weight_table_version, occurred_at,
    created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'llm_ranker/x', $8, $9, $10, 2, $11, $11)
"""


def a_row(user: str, kind: str, trip: UUID | None, at: datetime, **facts: Any) -> tuple[Any, ...]:
    """One row of behavioral_signals, for INSERT."""
    return (
        uuid4(),
        user,
        kind,
        facts.get("node", an_id("node 0")),
        trip,
        facts.get("slot"),
        facts.get("ranking"),
        facts.get("context", {"time_to_action_ms": 900, "day_of_trip": 1, "day_part": "morning"}),
        "system" if kind == "candidate_set_logged" else "app",
        1.0,
        at,
    )


async def store(
    pool: Pool, user: str, kind: str, trip: UUID | None, at: datetime, **facts: Any
) -> None:
    """Stores one row."""
    await pool.execute(INSERT, *a_row(user, kind, trip, at, **facts))


def rows_of_trip(user: str, number: int, day: date, answers: int) -> list[tuple[Any, ...]]:
    trip, ranking = an_id(f"trip {user} {number}"), an_id(f"ranking {user} {number}")
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(seconds=number)
    record = a_record(ranking)
    logged = a_row(
        user, "candidate_set_logged", trip, at, node=None, ranking=ranking, context=record
    )
    said = [
        a_row(user, "slot_accept", trip, at, ranking=ranking, node=an_id(f"node {answer}"))
        for answer in range(answers)
    ]
    return [logged, *said]


async def a_trip(
    pool: Pool, user: str, number: int, day: date = YESTERDAY, answers: int = 3
) -> UUID:
    """A trip's candidate set and the answers to it, in the middle of the day; its id."""
    await pool.executemany(INSERT, rows_of_trip(user, number, day, answers))
    return an_id(f"trip {user} {number}")


async def people(pool: Pool, day: date = YESTERDAY, trips: int = 24) -> list[str]:
    """Trips of several people, one of them simulated, over all buckets."""
    users = ["ada-lovelace", "grace-hopper", "simulated-0001"]
    rows = [rows_of_trip(users[number % 3], number, day, 3) for number in range(trips)]
    await pool.executemany(INSERT, [row for trip in rows for row in trip])
    return users


def failing(
    call: Callable[..., Awaitable[Any]], times: int, after: int = 0
) -> Callable[..., Awaitable[Any]]:
    """A call that breaks off `times` times, after it was let through `after` times."""
    count = 0

    async def run(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        await asyncio.sleep(0)
        if after < count <= after + times:
            raise OSError("cut")
        return await call(*args, **kwargs)

    return run
