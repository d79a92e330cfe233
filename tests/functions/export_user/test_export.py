"""All that is held about a person, and nothing of anybody else, in one document."""

import tracemalloc
from typing import Any
from uuid import uuid4

import orjson
import pytest

from functions.export_user.main import Holdings
from functions.export_user.operation import FORMAT, export
from shared.forgetting.tombstone import PersonForgotten
from shared.runtime.postgres import Pool
from shared.signals.signal import Signal
from tests.builders import NOON, a_signal
from tests.functions.forget_user.lives import Deed, Journey, Life, Town

TWO_TRIPS = (Journey(days=1, deeds=(Deed(0), Deed(1))), Journey(days=2, deeds=(Deed(2),)))


@pytest.fixture
async def town(pool: Pool) -> Town:
    """A city where two people have lived alike."""
    made = Town(pool)
    await made.found()
    await pool.execute("TRUNCATE outbox, parked_messages")
    for user_id in ("exporting-person", "someone-else-there"):
        await made.live(Life(user_id, TWO_TRIPS, (Deed(5, origin="backfill"),), 1, 2))
    return made


async def exported(town: Town, user_id: str) -> dict[str, Any]:
    pieces = [p async for p in export(user_id, NOON, town.travellers, Holdings(town.pool))]
    document: dict[str, Any] = orjson.loads(b"".join(pieces))
    return document


async def test_everything_is_there_and_every_column_of_it(town: Town, pool: Pool) -> None:
    await pool.execute(
        "INSERT INTO training_subjects (user_id, subject) VALUES ('exporting-person', $1)", uuid4()
    )
    document = await exported(town, "exporting-person")
    assert document.pop("format") == FORMAT
    assert document.pop("made_at") == NOON.isoformat()
    assert document.pop("derived") == {"choice_count": 3, "is_cold": True, "warm_at": 20}
    assert {name: len(rows) for name, rows in document.items()} == {
        "profile": 1,
        "trips": 2,
        "rankings": 2,
        "signals": 4,
        "requests": 2,
        "messages": 2,
        "parked": 4,
        "training": 1,
    }
    tables = {"profile": "users", "trips": "trips", "signals": "behavioral_signals"}
    for section, table in tables.items():
        columns = await pool.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = $1", table
        )
        assert {name for (name,) in columns} <= document[section][0].keys()


async def test_the_persona_the_slots_and_the_logged_candidates_are_in_it(town: Town) -> None:
    document = await exported(town, "exporting-person")
    (profile,) = document["profile"]
    assert len(profile["persona_embedding"]) == 128
    assert profile["onboarding_tags"] == {"odd": ["matchboxes person"]}
    assert all(slot["place"] for trip in document["trips"] for slot in trip["slots"])
    for ranking in document["rankings"]:
        (member,) = ranking["context"]["user_state"]
        assert len(member["persona_embedding"]) == 128
        candidates = ranking["context"]["full_candidate_set"]
        assert len(candidates) == 200
        assert any(c["shown"] and c["position"] == 1 for c in candidates)
    assert {signal["weight"] for signal in document["signals"]} == {1.0, 0.3}


async def test_nothing_of_anybody_else_is_in_it(town: Town) -> None:
    text = orjson.dumps(await exported(town, "exporting-person")).decode()
    assert "someone-else" not in text
    assert "exporting-person" in text


async def test_whoever_left_gets_no_document(town: Town) -> None:
    with pytest.raises(PersonForgotten):
        await exported(town, "never-there")


async def test_a_long_history_streams_in_pieces_and_is_never_held_whole(
    town: Town, pool: Pool
) -> None:
    for _ in range(3):
        await town.live(Life("much-travelled", (Journey(days=3),) * 4))
    signals: list[Signal] = [
        a_signal(uuid4(), user_id="much-travelled", trip_id=None) for _ in range(2000)
    ]
    await town.signals.store(signals)
    tracemalloc.start()
    pieces = export("much-travelled", NOON, town.travellers, Holdings(pool))
    sizes = [len(piece) async for piece in pieces]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) > 1_500_000
    assert max(sizes) < 300_000
    assert peak < sum(sizes)
