"""A traveller's history is imported once, at weight 0.3, however often it is broken off."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.scenarios.problems import refused
from tests.scenarios.routes import PERSONA
from tests.scenarios.traveller import Traveller, Trip, slots_of
from workflows.__main__ import main
from workflows.stack import Stack

BACKFILL = "/api/v1/admin/backfill"
LONG_AGO = datetime(2019, 5, 4, 10, tzinfo=UTC)


def a_line(place: str, number: int, **changes: Any) -> str:
    named = {"city": "seattle", "place": place} if "activity_node_id" not in changes else {}
    at = (LONG_AGO + timedelta(hours=number)).isoformat()
    return json.dumps({"signal_type": "slot_accept", "occurred_at": at, **named, **changes})


@pytest.fixture
def history(tmp_path: Path, trip: Trip) -> Path:
    """250 lines of a past in Seattle, three of which cannot be taken."""
    ids = [slot["activity_node"]["id"] for slot in slots_of(trip)]
    lines = [a_line("", number, activity_node_id=ids[number % len(ids)]) for number in range(250)]
    lines[1] = a_line("space needle", 1)
    lines[10] = "no json"
    lines[120] = a_line("Nowhere at all", 120)
    lines[249] = a_line("Space Needle", 249, occurred_at="2999-01-01T00:00:00Z")
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def reasons_of(file: Path) -> list[dict[str, Any]]:
    text = file.with_name(f"{file.name}.refused.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def forget_progress(file: Path) -> None:
    file.with_name(f"{file.name}.progress.json").unlink()


async def run(stack: Stack, file: Path, user: str) -> int:
    """The exit status of the command, in a thread: it runs an event loop of its own."""
    words = ["backfill", str(file), "--user", user, "--data", str(stack.data_dir)]
    return await asyncio.to_thread(main, words)


async def backfilled(database: asyncpg.Connection, user: str) -> list[asyncpg.Record]:
    return await database.fetch(
        "SELECT * FROM behavioral_signals WHERE user_id = $1 AND origin = 'backfill'"
        " ORDER BY occurred_at",
        user,
    )


async def test_a_history_becomes_signals_of_weight_three_tenths_and_what_cannot_is_reported(
    stack: Stack,
    traveller: Traveller,
    history: Path,
    database: asyncpg.Connection,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await run(stack, history, traveller.id) == 1
    await stack.emulator("pubsub").until_idle()
    rows = await backfilled(database, traveller.id)
    assert len(rows) == 247
    assert {row["weight"] for row in rows} == {0.3}
    assert rows[0]["occurred_at"] == LONG_AGO
    said = capsys.readouterr().out
    assert "247 accepted" in said
    assert "3 refused" in said
    reasons = reasons_of(history)
    assert [reason["line"] for reason in reasons] == [11, 121, 250]
    assert "Nowhere at all" in reasons[1]["reason"]
    # History alone makes nobody warm.
    answer = await traveller.send("GET", PERSONA)
    assert answer.json()["choice_count"] == 0


async def test_an_import_that_broke_off_goes_on_and_one_that_is_repeated_adds_nothing(
    stack: Stack, traveller: Traveller, history: Path, database: asyncpg.Connection
) -> None:
    await stack.functions.start("backfill_signals")
    await stack.emulator("pubsub").faults(fail_next=100_000, status=503, match="Publish")
    await database.execute("ALTER TABLE behavioral_signals RENAME TO behavioral_signals_away")
    try:
        # Neither way is open: nothing is acknowledged, and the command says so.
        assert await run(stack, history, traveller.id) == 1
    finally:
        await database.execute("ALTER TABLE behavioral_signals_away RENAME TO behavioral_signals")
        await stack.emulator("pubsub").faults()
    assert await backfilled(database, traveller.id) == []
    for _ in range(2):
        await run(stack, history, traveller.id)
        await stack.emulator("pubsub").until_idle()
        assert len(await backfilled(database, traveller.id)) == 247
    forget_progress(history)
    await run(stack, history, traveller.id)
    await stack.emulator("pubsub").until_idle()
    assert len(await backfilled(database, traveller.id)) == 247


async def test_the_route_is_for_administrators_and_for_travellers_whom_we_know(
    traveller: Traveller, person: Traveller
) -> None:
    item = json.loads(a_line("Space Needle", 1, signal_id="5b1c1e0a-6f0e-4f4e-8a52-1d7a2f0c9e12"))
    body = {"user_id": traveller.id, "signals": [item]}
    refused(await traveller.send("POST", BACKFILL, json=body), 403, "administrator")
    nobody = {**body, "user_id": "nobody-we-know"}
    refused(await person.send("POST", BACKFILL, json=nobody), 404, "user_id")
    assert (await person.send("POST", BACKFILL, json=body)).status_code == 202
