"""Months in which people leave, and what stood where after each night that matters."""

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import grpc
import pyarrow.parquet as pq
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from tests.scenarios import stores
from tests.scenarios.seeding import send
from tests.scenarios.traveller import Traveller, slots_of
from workflows.runner.addresses import PROJECT, REGION
from workflows.stack import Stack

_LOCATION = f"projects/{PROJECT}/locations/{REGION}"
PLACES = 260
"""Enough that the 200 which are retrieved tell of a taste."""
TASTES = {"ada": ["ramen", "izakaya"], "bob": ["hiking", "parks"], "eve": ["opera", "museums"]}
TRIPS = {"ada": 2, "bob": 1, "eve": 2}
FIRST = "the first night"
ADA_LEFT, A_WEEK_LATER = "the night after ada left", "a week later"
ARCHIVED = "91 days after the first day"
EVE_LEFT, THE_LAST = "the night after eve left", "a week after that"
Row = dict[str, Any]


@dataclass
class Person:
    """Someone, and what the database knew of them before anybody left."""

    id: str
    subject: str = ""
    vector: list[float] = field(default_factory=list)
    measures: set[float] = field(default_factory=set)


@dataclass
class History:
    """What stood where after each night that matters, by the night's name."""

    day: date
    people: dict[str, Person]
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[str, dict[str, bytes]] = field(default_factory=dict)
    datasets: dict[str, list[Row]] = field(default_factory=dict)
    sets: dict[str, list[Any]] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)

    def version(self, night: str, number: int) -> dict[str, bytes]:
        """The objects of a version, by their names in it."""
        start = f"training/dt={self.day}/v={number}/"
        kept = self.objects[night]
        return {name.removeprefix(start): kept[name] for name in kept if name.startswith(start)}

    def rows(self, night: str, number: int, kind: str) -> list[Row]:
        """All rows of a kind in a version."""
        found = []
        for name, data in sorted(self.version(night, number).items()):
            if name.startswith(kind):
                found += pq.read_table(io.BytesIO(data)).to_pylist()
        return found

    def versions(self, night: str) -> set[str]:
        """The versions of the day of which anything is left."""
        start = f"training/dt={self.day}/"
        return {name.split("/")[2] for name in self.objects[night] if name.startswith(start)}


class Scene:
    """The stack, a database connection, and what happens on them."""

    def __init__(self, stack: Stack, database: asyncpg.Connection) -> None:
        self._stack = stack
        self._database = database

    async def play(self) -> History:
        """Everything, in order."""
        await self._advance(_until_noon(self._stack.now()))
        day = datetime.fromtimestamp(self._stack.now(), UTC).date()
        history = History(day, {name: Person(f"{name}-{uuid4().hex}") for name in TASTES})
        for name, person in history.people.items():
            await self._travel(name, person)
        await self._stack.emulator("pubsub").until_idle(60)
        await self._advance(timedelta(hours=15))
        await self._night(FIRST, history)
        for person in history.people.values():
            await self._learn(person)
        await self._leave("ada", history)
        await self._advance(timedelta(days=1))
        await self._night(ADA_LEFT, history)
        # Nights do not begin at the same second.
        await self._advance(timedelta(days=7, minutes=-1))
        await self._night(A_WEEK_LATER, history)
        await self._advance(timedelta(days=83))
        await self._night(ARCHIVED, history)
        await self._leave("eve", history)
        await self._advance(timedelta(days=1))
        await self._night(EVE_LEFT, history)
        await self._advance(timedelta(days=7, minutes=-1))
        await self._night(THE_LAST, history)
        history.tables = await stores.in_postgres(self._stack)
        return history

    async def _travel(self, name: str, person: Person) -> None:
        """Says what they like, plans, and answers the first two slots of each trip."""
        token = await self._stack.token(person.id)
        async with self._stack.client() as gateway:
            traveller = Traveller.of(person.id, token, gateway, self._stack.now())
            await traveller.onboard(food=TASTES[name])
            for _ in range(TRIPS[name]):
                trip = await traveller.trip(days=1)
                for kind, slot in zip(("slot_accept", "slot_skip"), slots_of(trip), strict=False):
                    said = traveller.says(trip, slot, signal_type=kind)
                    assert (await traveller.signal(said)).status_code == 202

    async def _leave(self, name: str, history: History) -> None:
        person = history.people[name]
        headers = {"Authorization": f"Bearer {await self._stack.token(person.id)}"}
        async with self._stack.client() as gateway:
            answer = await gateway.delete("/api/v1/users/me", headers=headers)
        assert answer.status_code == 200, answer.text
        history.receipts[name] = answer.json()

    async def _learn(self, person: Person) -> None:
        """Looks up what must be found nowhere once they have left."""
        query = "SELECT subject::text FROM training_subjects WHERE user_id = $1"
        person.subject = await self._database.fetchval(query, person.id)
        records = await self._database.fetch(
            "SELECT context::text FROM behavioral_signals WHERE user_id = $1"
            " AND signal_type = 'candidate_set_logged'",
            person.id,
        )
        for record in map(json.loads, (row["context"] for row in records)):
            person.vector = record["user_state"][0]["persona_embedding"]
            for candidate in record["full_candidate_set"]:
                similarity = candidate["features"]["similarity"]
                person.measures |= {candidate["retrieval_score"], similarity} - {0.0, 1.0}

    async def _night(self, name: str, history: History) -> None:
        await self._stack.jobs.run("extract_training_set", tasks=1)
        history.objects[name] = await stores.objects(self._stack)
        query = "SELECT * FROM training_datasets WHERE day = $1 ORDER BY version"
        rows = await self._database.fetch(query, history.day)
        history.datasets[name] = [dict(row) for row in rows]
        query = (
            "SELECT (context -> 'full_candidate_set')::text AS kept FROM behavioral_signals"
            " WHERE signal_type = 'candidate_set_logged'"
        )
        kept = await self._database.fetch(query)
        history.sets[name] = [json.loads(row["kept"]) for row in kept]

    async def _advance(self, time: timedelta) -> None:
        await self._stack.emulator("scheduler").advance(time.total_seconds())


async def play(stack: Stack) -> History:
    """Plays it all on a stack of its own: three travellers; one leaves the next day, one late."""
    pause(stack)
    seeded = await send(stack, {"city": "seattle", "limit": PLACES})
    assert seeded.status_code == 200, seeded.text
    database = await asyncpg.connect(stack.database_url)
    try:
        return await Scene(stack, database).play()
    finally:
        await database.close()


def pause(stack: Stack) -> None:
    """Nothing runs but what the test runs: three months hold many schedules."""
    emulators = stack.addresses.emulators
    with grpc.insecure_channel(emulators["scheduler"]["grpc"]) as channel:
        scheduler = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))
        for job in scheduler.list_jobs(parent=_LOCATION):
            scheduler.pause_job(name=job.name)
    with grpc.insecure_channel(emulators["tasks"]["grpc"]) as channel:
        tasks = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
        for queue in tasks.list_queues(parent=_LOCATION):
            tasks.pause_queue(name=queue.name)


def _until_noon(now: float) -> timedelta:
    """How long it is to the next noon, so that all that is done falls on one day."""
    at = datetime.fromtimestamp(now, UTC)
    noon = at.replace(hour=12, minute=0, second=0, microsecond=0)
    return noon - at if at < noon else noon + timedelta(days=1) - at
