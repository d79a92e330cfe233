"""People leave, and the training set is written without them; on a stack whose clock moves."""

import asyncio
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.scenarios import stores
from tests.scenarios.leavers import (
    A_WEEK_LATER,
    ADA_LEFT,
    ARCHIVED,
    EVE_LEFT,
    FIRST,
    THE_LAST,
    History,
    play,
)
from workflows.stack import Stack

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    """Three travellers; one leaves the next day, one after 91 days."""
    stack = Stack(tmp_path_factory.mktemp("leavers") / "data", options=["anthropic.ttft_s=0.05"])
    stack.start()
    try:
        yield asyncio.run(play(stack))
    finally:
        stack.stop()


@pytest.mark.parametrize(
    ("night", "version", "name"), [(ADA_LEFT, 2, "ada"), (EVE_LEFT, 3, "eve"), (EVE_LEFT, 3, "ada")]
)
def test_nothing_in_the_new_version_is_of_who_left(
    history: History, night: str, version: int, name: str
) -> None:
    person = history.people[name]
    found = "".join(stores.read(*each) for each in history.version(night, version).items())
    assert person.subject in "".join(
        stores.read(*each) for each in history.version(FIRST, 1).items()
    )
    assert person.subject not in found
    assert person.id not in found
    assert not set(as_stored(person.vector)) & {
        value for row in history.rows(night, version, "personas") for value in row["embedding"]
    }
    told = {
        value
        for row in history.rows(night, version, "sessions")
        for candidate in row["candidates"]
        for value in (candidate["retrieval_score"], candidate["similarity"])
    }
    assert len(person.measures) > 200
    assert not told & person.measures


@pytest.mark.parametrize(("night", "version"), [(ADA_LEFT, 2), (EVE_LEFT, 3)])
def test_every_training_pair_is_still_there(history: History, night: str, version: int) -> None:
    before, after = pairs(history, FIRST, 1), pairs(history, night, version)
    assert before == after
    kinds = Counter(kind for _, _, kind, _ in after)
    assert kinds == {"slot_accept": 5, "slot_skip": 5}


@pytest.mark.parametrize("kind", ["sessions", "answers", "personas"])
def test_the_rows_of_who_stays_are_as_they_were(history: History, kind: str) -> None:
    bob = history.people["bob"].subject
    first, second, third = (
        [row for row in history.rows(night, version, kind) if row["subject"] == bob]
        for night, version in ((FIRST, 1), (ADA_LEFT, 2), (EVE_LEFT, 3))
    )
    assert first == second == third
    assert first


def test_what_was_archived_is_drawn_anew_for_who_left_and_for_nobody_else(
    history: History,
) -> None:
    before, after = (
        {row["ranking_id"]: row for row in history.rows(night, version, "sessions")}
        for night, version in ((ARCHIVED, 2), (EVE_LEFT, 3))
    )
    of_eve = [r for r, row in before.items() if row["subject"] == history.people["eve"].subject]
    assert len(of_eve) == 2
    for ranking in set(before) - set(of_eve):
        assert after[ranking] == before[ranking]
    draws = []
    for ranking in of_eve:
        assert after[ranking]["forgotten"]
        assert shown(after[ranking]) == shown(before[ranking])
        ids = [one["node_id"] for one in after[ranking]["candidates"]]
        assert len(set(ids)) == len(before[ranking]["candidates"]) == 200
        assert ids == sorted(ids)
        assert set(ids) != {one["node_id"] for one in before[ranking]["candidates"]}
        draws.append(set(ids) - shown(before[ranking]))
    assert draws[0] != draws[1]
    assert after[of_eve[0]]["subject"] != after[of_eve[1]]["subject"]


@pytest.mark.parametrize(
    ("night", "kept"),
    [(FIRST, {"v=1"}), (ADA_LEFT, {"v=1", "v=2"}), (A_WEEK_LATER, {"v=2"}),
     (ARCHIVED, {"v=2"}), (EVE_LEFT, {"v=2", "v=3"}), (THE_LAST, {"v=3"})],
)  # fmt: skip
def test_an_old_version_is_kept_for_a_week_and_the_registry_knows_when_it_went(
    history: History, night: str, kept: set[str]
) -> None:
    assert history.versions(night) == kept
    registered = history.datasets[night]
    assert {f"v={row['version']}" for row in registered if row["deleted_at"] is None} == kept


@pytest.mark.parametrize(("name", "version"), [("ada", 1), ("eve", 2)])
def test_the_old_version_is_gone_by_the_day_that_the_receipt_says(
    history: History, name: str, version: int
) -> None:
    row = history.datasets[THE_LAST][version - 1]
    promised = date.fromisoformat(history.receipts[name]["training_files_rewritten_by"])
    assert row["deleted_at"].astimezone(UTC).date() <= promised


def test_who_left_stands_in_no_object_and_no_table_any_more(history: History) -> None:
    found = history.objects[THE_LAST]
    objects = [f"{name} {stores.read(name, data)}" for name, data in found.items()]
    assert len(objects) == 50
    for name in ("ada", "eve"):
        person = history.people[name]
        texts = [*objects, *history.tables]
        assert not [text for text in texts if person.id in text or person.subject in text]
    bob = history.people["bob"]
    assert [text for text in history.tables if bob.id in text and bob.subject in text]


@pytest.mark.parametrize(("night", "version"), [(ADA_LEFT, 2), (EVE_LEFT, 3)])
def test_success_and_manifest_tell_what_is_there(
    history: History, night: str, version: int
) -> None:
    files = history.version(night, version)
    assert files["_SUCCESS"].decode() == hashlib.sha256(files["manifest.json"]).hexdigest()
    told = json.loads(files["manifest.json"])
    assert (told["day"], told["version"]) == (str(history.day), version)
    assert {file["name"] for file in told["files"]} == files.keys() - {"_SUCCESS", "manifest.json"}
    for file in told["files"]:
        data = files[file["name"]]
        assert (file["sha256"], file["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
        assert file["rows"] == pq.read_metadata(io.BytesIO(data)).num_rows


@pytest.mark.parametrize(("night", "version"), [(ARCHIVED, 2), (EVE_LEFT, 3)])
def test_after_90_days_rows_refer_to_the_newest_version(
    history: History, night: str, version: int
) -> None:
    assert all(isinstance(kept, list) for kept in history.sets[A_WEEK_LATER])
    assert len(history.sets[night]) == 5
    for kept in history.sets[night]:
        assert kept.keys() == {"archived", "sha256", "count"}
        assert f"/dt={history.day}/v={version}/sessions-" in kept["archived"]


def as_stored(vector: list[float]) -> list[float]:
    """A vector's values as Parquet gives them back."""
    found: list[float] = np.array(vector, np.float32).tolist()
    return found


def pairs(history: History, night: str, version: int) -> set[tuple[Any, ...]]:
    """What was answered on what was shown: the ranking, the place, the answer and its weight."""
    seen = {row["ranking_id"]: shown(row) for row in history.rows(night, version, "sessions")}
    return {
        (row["ranking_id"], row["node_id"], row["signal_type"], row["weight"])
        for row in history.rows(night, version, "answers")
        if row["node_id"] in seen[row["ranking_id"]]
    }


def shown(session: Mapping[str, Any]) -> set[str]:
    """The places that a plan had."""
    return {one["node_id"] for one in session["candidates"] if one["shown"]}
