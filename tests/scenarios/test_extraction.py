"""The nightly extraction as its own processes, on what travellers really did."""

import asyncio
import io
import json
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pyarrow.parquet as pq
import pytest
from google.cloud.storage import Bucket, Client

from shared.learning.candidates import logged
from tests.scenarios import rows
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.runner.addresses import TRAINING_BUCKET, job_environment
from workflows.runner.data_folder import DataFolder
from workflows.stack import Stack

ONE_DAY = timedelta(days=1)


class Job:
    """Runs the job's tasks a day ahead of the stack, where today is over."""

    def __init__(self, stack: Stack, folder: Path, objects: Bucket) -> None:
        secrets = DataFolder(stack.data_dir).secrets()
        clock = folder / "clock"
        offset = float((stack.data_dir / "clock").read_text()) + ONE_DAY.total_seconds()
        clock.write_text(f"{offset:+020.6f}\n")
        self.today = datetime.fromtimestamp(stack.now(), UTC).date()
        self._environment = {
            **job_environment(stack.addresses, secrets, Path.cwd()),
            "CLOCK_FILE": str(clock),
            "TRAINING_DATE": str(self.today),
            # Nobody listens there: the next step stays promised, and other tests' personas as is.
            "CLOUD_TASKS_EMULATOR_HOST": "127.0.0.1:9",
        }
        self._objects = objects

    async def start(
        self, execution: str, index: int = 0, count: int = 1
    ) -> asyncio.subprocess.Process:
        """Start one task of an execution."""
        task = {
            "CLOUD_RUN_EXECUTION": execution,
            "CLOUD_RUN_TASK_INDEX": str(index),
            "CLOUD_RUN_TASK_COUNT": str(count),
        }
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "functions.extract_training_set.main",
            env=self._environment | task,
            stdout=asyncio.subprocess.PIPE,
        )

    async def run(self, execution: str, count: int = 1) -> None:
        """Run all tasks side by side."""
        tasks = [await self.start(execution, index, count) for index in range(count)]
        for task in tasks:
            said, _ = await task.communicate()
            assert task.returncode == 0, said.decode()

    def manifest(self, version: int) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._read("manifest.json", version))
        return told

    def rows(self, kind: str, trip: Trip, version: int) -> list[dict[str, Any]]:
        """What a version holds of a trip."""
        name = f"{kind}-{int(trip['id'][0], 16):02d}.parquet"
        found = pq.read_table(io.BytesIO(self._read(name, version))).to_pylist()
        return [row for row in found if row.get("trip_id", trip["id"]) == trip["id"]]

    def _read(self, name: str, version: int) -> bytes:
        blob = self._objects.blob(f"training/dt={self.today}/v={version}/{name}")
        content: bytes = blob.download_as_bytes()
        return content


@pytest.fixture
async def job(
    stack: Stack, database: asyncpg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Job]:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", stack.addresses.http("storage"))
    with Client(project="overplanned-local") as client:
        yield Job(stack, tmp_path, client.bucket(TRAINING_BUCKET))
    await database.execute("DELETE FROM outbox WHERE target = 'refresh_personas'")


async def test_a_trip_and_its_answers_are_in_the_training_set_as_they_were_logged(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection, job: Job
) -> None:
    trip = await answered(stack, traveller)
    await job.run(f"scenario-{uuid4().hex}")
    version = await newest(database, job.today)
    (session,) = job.rows("sessions", trip, version)
    context = await rows.candidate_set(database, trip["id"])
    assert [logged(one) for one in session["candidates"]] == context["full_candidate_set"]
    assert len(session["candidates"]) == 200
    (answer,) = job.rows("answers", trip, version)
    assert (answer["signal_type"], answer["time_to_action_ms"]) == ("slot_accept", 900)
    assert answer["ranking_id"] == session["ranking_id"]
    (persona,) = [
        row
        for row in job.rows("personas", trip, version)
        if row["ranking_id"] == session["ranking_id"]
    ]
    (state,) = context["user_state"]
    assert persona["embedding"] == pytest.approx(state["persona_embedding"], abs=1e-6)
    assert await database.fetchval(
        "SELECT count(*) FROM outbox WHERE target = 'refresh_personas' AND sent_at IS NULL"
    )
    assert traveller.id not in json.dumps([session, answer, persona], default=str)


async def test_an_execution_whose_task_is_killed_ends_as_if_it_had_not_been(
    stack: Stack, traveller: Traveller, database: asyncpg.Connection, job: Job
) -> None:
    await answered(stack, traveller)
    execution = f"scenario-{uuid4().hex}"
    killed = await job.start(execution)
    assert killed.stdout is not None
    written = 0
    while written < 3:
        written += b"extraction.bucket_written" in await killed.stdout.readline()
        assert not killed.stdout.at_eof()
    killed.send_signal(signal.SIGKILL)
    await killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert 2 <= await buckets(database, execution) < 16
    await job.run(execution)
    broken_off = await newest(database, job.today)
    await database.execute(
        "INSERT INTO training_days AS marked (day, stale_marks) VALUES ($1, 1)"
        " ON CONFLICT (day) DO UPDATE SET stale_marks = marked.stale_marks + 1",
        job.today,
    )
    await job.run(f"scenario-{uuid4().hex}", count=4)
    whole = await newest(database, job.today)
    assert whole > broken_off
    assert job.manifest(whole)["files"] == job.manifest(broken_off)["files"]


async def answered(stack: Stack, traveller: Traveller) -> Trip:
    """A trip with one slot accepted, stored."""
    trip = await traveller.trip()
    body = traveller.says(trip, slots_of(trip)[0])
    assert (await traveller.signal(body)).status_code == 202
    await stack.emulator("pubsub").until_idle()
    return trip


async def newest(database: asyncpg.Connection, day: date) -> int:
    found: int = await database.fetchval(
        "SELECT max(version) FROM training_datasets WHERE day = $1 AND complete_at IS NOT NULL", day
    )
    return found


async def buckets(database: asyncpg.Connection, execution: str) -> int:
    found: int = await database.fetchval(
        "SELECT count(*) FROM training_buckets JOIN training_datasets USING (day, version)"
        " WHERE execution = $1",
        execution,
    )
    return found
