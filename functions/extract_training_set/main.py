"""The face of the nightly job: joins the drivers, and ends an execution in one transaction."""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid4, uuid5

from functions.extract_training_set.operation import (
    SUPERSEDED_KEPT,
    Ports,
    Publish,
    Shard,
    extract,
)
from shared.forgetting.postgres import hold
from shared.forgetting.tombstone import Tombstones
from shared.learning.gcs import TrainingBucket
from shared.learning.parquet import Parquet
from shared.learning.postgres import TrainingDays, TrainingRows, complete, mark_shard
from shared.nodes import postgres as nodes
from shared.nodes.node import ActivityNode
from shared.outbox.message import Message
from shared.outbox.postgres import Outbox, promise
from shared.outbox.send import Sender
from shared.outbox.tasks import Tasks
from shared.runtime import log
from shared.runtime.clock import now
from shared.runtime.job import JobTask, job_face
from shared.runtime.opening import Opening
from shared.runtime.postgres import FAILURES, Pool, open_pool

_SEND_SECONDS = 5.0
# A reader, a maker of subjects beside it, and the transaction that ends it all.
_CONNECTIONS = 3
NEXT_STEP = "refresh_personas"


@dataclass(frozen=True, slots=True)
class Drivers:
    """What this job holds open."""

    ports: Ports


class CityPlaces:
    """The places of the cities."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def visible(self, city: str) -> Sequence[ActivityNode]:
        """Return the places of the city that may be offered."""
        async with self._pool.acquire() as connection:
            return (await nodes.visible(connection, [city]))[city]


class LastShard:
    """The transaction in which an execution ends, and the sending of what it promised."""

    def __init__(self, pool: Pool, sender: Sender) -> None:
        self._pool = pool
        self._outbox = Outbox(pool)
        self._sender = sender

    async def close(self, shard: Shard, publish: Publish) -> bool:
        """Mark the shard; if it is the last, also all that follows from it, or nothing.

        Returns whether the execution is closed.
        """
        message = _next_step(shard)
        part = (shard.index, shard.count)
        async with self._pool.acquire() as connection, connection.transaction():
            mark = await mark_shard(connection, shard.job, shard.execution, part, shard.at)
            if mark != "last":
                return mark == "closed"
            for dataset, signals in (await publish()).items():
                later = shard.at + SUPERSEDED_KEPT
                await complete(connection, dataset, signals, shard.at, later)
            await promise(connection, [message], shard.at)
        await self._send(message)
        return True

    async def _send(self, message: Message) -> None:
        report = await self._sender.send([message], _SEND_SECONDS)
        try:
            await self._outbox.settle(report, now(), own_try=True)
        except FAILURES as error:
            # The datasets stand; relay_outbox sends the task again, and its name makes it one.
            log.failure("outbox.unsettled", error)


async def join(opening: Opening) -> Drivers:
    """Open what the job needs."""
    pool = await open_pool(opening.settings, size=_CONNECTIONS)
    tombstones = Tombstones(opening.settings)
    ports = Ports(
        days=TrainingDays(pool),
        rows=TrainingRows(pool, lambda connection, ids: hold(connection, ids, tombstones)),
        bucket=TrainingBucket(opening.settings),
        format=Parquet(),
        places=CityPlaces(pool),
        chance=random.Random,
        closing=LastShard(pool, Sender(tasks=Tasks(opening.settings))),
    )
    return Drivers(ports)


@job_face(join)
async def extract_training_set(task: JobTask, drivers: Drivers) -> None:
    """Extract what is due; TRAINING_DATE=YYYY-MM-DD asks for one day alone."""
    only = task.overrides.get("TRAINING_DATE")
    named = "CLOUD_RUN_EXECUTION" in task.overrides
    shard = Shard(
        job="extract_training_set",
        # By hand each run is an execution of its own.
        execution=task.execution if named else f"local-{uuid4().hex}",
        index=task.index,
        count=task.count,
        at=now(),
        only=date.fromisoformat(only) if only else None,
    )
    await extract(shard, drivers.ports)


def _next_step(shard: Shard) -> Message:
    id = uuid5(NAMESPACE_URL, f"{shard.job}/{shard.execution}/{NEXT_STEP}")
    return Message(id, "task", NEXT_STEP, {"env": {}}, task_name=f"{NEXT_STEP}-{id.hex}")


if __name__ == "__main__":
    sys.exit(extract_training_set())
