"""Simulated travellers on a stack of their own: they move its clock, which nobody else may use."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import asyncpg
import grpc
import pytest
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)

from tests.scenarios.seeding import send
from workflows.__main__ import main
from workflows.runner.addresses import PROJECT, REGION
from workflows.stack import Stack

pytestmark = pytest.mark.timeout(300)

SEED, TRAVELLERS, DAYS = 11, 8, 3


class Month(NamedTuple):
    """A simulation that has ended, with the stack it ran on."""

    stack: Stack
    began: float
    report: dict[str, Any]
    truth: list[dict[str, Any]]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """Three days of eight travellers, by the command, on a stack with a hundred places."""
    folder = tmp_path_factory.mktemp("month")
    stack = Stack(folder / "data")
    stack.start()
    try:
        seeded = asyncio.run(send(stack, {"city": "seattle", "limit": 100}))
        assert seeded.status_code == 200, seeded.text
        pause_extraction(stack)
        began = stack.now()
        report, truth = folder / "report.json", folder / "truth.jsonl"
        arguments = ["--travellers", str(TRAVELLERS), "--days", str(DAYS), "--seed", str(SEED)]
        files = ["--report", str(report), "--truth", str(truth), "--data", str(stack.data_dir)]
        assert main(["simulate", *arguments, *files]) == 0
        lines = [json.loads(line) for line in truth.read_text().splitlines()]
        yield Month(stack, began, json.loads(report.read_text()), lines)
    finally:
        stack.stop()


def pause_extraction(stack: Stack) -> None:
    """The nights' jobs have tests of their own, and cost 5 s of CPU a night."""
    with grpc.insecure_channel(stack.addresses.emulators["scheduler"]["grpc"]) as channel:
        client = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))
        jobs = f"projects/{PROJECT}/locations/{REGION}/jobs"
        client.pause_job(name=f"{jobs}/extract-training-set")


def rows(month: Month, query: str) -> list[tuple[Any, ...]]:
    async def fetch() -> list[tuple[Any, ...]]:
        database = await asyncpg.connect(month.stack.database_url)
        try:
            return [tuple(row) for row in await database.fetch(query)]
        finally:
            await database.close()

    return asyncio.run(fetch())


def acts(month: Month) -> list[tuple[str, str]]:
    """Everything the travellers did, as the truth has it: who and what."""
    return [
        (line["traveller"], act["signal_type"])
        for line in month.truth
        if line["line"] == "shown"
        for act in line["acts"]
    ]


def test_every_row_that_travellers_cause_says_it_is_simulated(month: Month) -> None:
    users = f"id LIKE 'simulated-{SEED}-%'"
    assert rows(month, f"SELECT count(*) FROM users WHERE simulated AND {users}") == [(TRAVELLERS,)]
    assert rows(month, "SELECT count(*) FROM users WHERE simulated AND role = 'admin'") == [(0,)]
    assert rows(month, "SELECT DISTINCT simulated FROM trips") == [(True,)]
    assert rows(month, "SELECT DISTINCT simulated FROM behavioral_signals") == [(True,)]


def test_each_thing_done_is_one_row_however_often_it_was_sent(month: Month) -> None:
    stored = rows(month, "SELECT user_id, signal_type FROM behavioral_signals WHERE origin = 'app'")
    assert sorted(stored) == sorted(acts(month))
    assert len(stored) > TRAVELLERS
    assert month.report["signals"]["sent"] >= len(stored)
    assert month.report["signals"]["refused"] == 0


def test_signals_keep_the_moment_they_happened(month: Month) -> None:
    odd = (
        "SELECT count(*) FROM behavioral_signals AS s JOIN trips AS t ON t.id = s.trip_id"
        " WHERE s.origin = 'app' AND NOT"
        " (t.created_at < s.occurred_at AND s.occurred_at < s.created_at)"
    )
    assert rows(month, odd) == [(0,)]


def test_the_clock_has_passed_every_night(month: Month) -> None:
    passed = (month.stack.now() - month.began) / 86_400
    assert DAYS < passed < DAYS + 1.2


def test_nothing_was_left_behind_or_parked(month: Month) -> None:
    assert rows(month, "SELECT count(*) FROM parked_messages") == [(0,)]
    assert rows(month, "SELECT count(*) FROM outbox WHERE sent_at IS NULL") == [(0,)]


def test_the_report_is_called_simulated(month: Month) -> None:
    assert month.report["title"] == "simulated behaviour"
    assert month.report["travellers"]["all"] == TRAVELLERS
    assert month.report["trips"] == rows(month, "SELECT count(*) FROM trips")[0][0]


def test_the_truth_names_the_nodes_of_this_stack(month: Month) -> None:
    nodes = {str(id) for (id,) in rows(month, "SELECT id FROM activity_nodes")}
    utilities = [line["utility"] for line in month.truth if line["line"] == "utilities"]
    assert len(utilities) == TRAVELLERS
    assert all(set(utility) <= nodes and utility for utility in utilities)


def test_a_known_city_is_not_seeded_again(month: Month) -> None:
    assert rows(month, "SELECT count(*) FROM activity_nodes") == [(100,)]


def test_a_city_that_cannot_be_seeded_is_named(
    month: Month, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--city", "atlantis", "--data", str(month.stack.data_dir))
    assert main(["simulate", *where]) == 1
    assert capsys.readouterr().err.startswith("atlantis was not seeded (404): ")
