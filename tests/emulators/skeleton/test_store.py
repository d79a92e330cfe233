"""Durable state with group commit."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from emulators.skeleton.store import Store

SCHEMA = "CREATE TABLE IF NOT EXISTS things (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An open store with one table."""
    opened = Store(tmp_path / "things.sqlite3", SCHEMA)
    yield opened
    await opened.close()


def seen_by_another_process(tmp_path: Path) -> list[str]:
    with sqlite3.connect(tmp_path / "things.sqlite3") as other:
        names = [name for (name,) in other.execute("SELECT name FROM things ORDER BY id")]
    other.close()
    return names


async def test_a_change_is_durable_once_the_commit_returns(store: Store, tmp_path: Path) -> None:
    store.execute("INSERT INTO things (name) VALUES (?)", ("first",))
    assert seen_by_another_process(tmp_path) == []
    await store.commit()
    assert seen_by_another_process(tmp_path) == ["first"]


async def test_its_own_reader_sees_a_change_at_once(store: Store) -> None:
    store.execute("INSERT INTO things (name) VALUES (?)", ("first",))
    assert store.rows("SELECT name FROM things") == [("first",)]


async def test_changes_of_one_turn_share_one_commit(store: Store) -> None:
    commits: list[str] = []
    store._db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)

    async def insert(number: int) -> None:
        store.execute("INSERT INTO things (id) VALUES (?)", (number,))
        await store.commit()

    await asyncio.gather(*(insert(number) for number in range(50)))
    assert commits == ["COMMIT"]


async def test_a_commit_with_nothing_to_do_returns(store: Store) -> None:
    await store.commit()


async def test_closing_commits_what_nobody_waited_for(tmp_path: Path) -> None:
    store = Store(tmp_path / "things.sqlite3", SCHEMA)
    store.execute("INSERT INTO things (name) VALUES (?)", ("first",))
    store.commit_soon()
    await store.close()
    assert seen_by_another_process(tmp_path) == ["first"]


async def test_a_refused_statement_leaves_the_others(store: Store, tmp_path: Path) -> None:
    store.execute("INSERT INTO things (name) VALUES (?)", ("first",))
    with pytest.raises(sqlite3.IntegrityError):
        store.execute("INSERT INTO things (name) VALUES (?)", ("first",))
    await store.commit()
    assert seen_by_another_process(tmp_path) == ["first"]


async def test_a_cancelled_waiter_does_not_cancel_the_commit(store: Store, tmp_path: Path) -> None:
    store.execute("INSERT INTO things (name) VALUES (?)", ("first",))
    cancelled, patient = (asyncio.create_task(store.commit()) for _ in range(2))
    await asyncio.sleep(0)
    cancelled.cancel()
    await patient
    assert seen_by_another_process(tmp_path) == ["first"]
