"""Migrations apply in order, once, whole or not at all, whoever else is at it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from migrations.__main__ import main
from migrations.runner import MigrationError, choose_pending, migrate, read_migrations
from tests.databases import Databases

ONE = "CREATE TABLE one (id integer PRIMARY KEY);"
TWO = "CREATE TABLE two (id integer PRIMARY KEY);"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good migrations."""
    (tmp_path / "0001_one.sql").write_text(ONE)
    (tmp_path / "0002_two.sql").write_text(TWO)
    return tmp_path


@pytest.fixture(scope="module")
def own_url(databases: Databases) -> Iterator[str]:
    """A database for this module."""
    with databases.empty() as url:
        yield url


@pytest.fixture
def empty_url(own_url: str) -> str:
    """The module's database without a table."""

    async def empty() -> None:
        connection = await asyncpg.connect(own_url)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.close()

    asyncio.run(empty())
    return own_url


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    return {row["tablename"] for row in rows}


def test_our_own_files_are_numbered_without_gap() -> None:
    found = read_migrations()
    assert [migration.number for migration in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    "name", ["3_three.sql", "0003-three.sql", "0003_Three.sql", "0003.sql", "00003_three.sql"]
)
def test_a_file_that_is_not_named_as_the_others_is_refused_by_name(folder: Path, name: str) -> None:
    (folder / name).write_text("")
    with pytest.raises(MigrationError, match=f"{name} is not named like 0001_what_it_does"):
        read_migrations(folder)


@pytest.mark.parametrize("name", ["0004_four.sql", "0002_twin.sql"])
def test_a_gap_and_a_twin_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("")
    with pytest.raises(MigrationError, match="numbers have no gap, no twin"):
        read_migrations(folder)


def test_what_was_applied_is_not_pending(folder: Path) -> None:
    one, two = read_migrations(folder)
    assert choose_pending([one, two], {1: (one.name, one.sha256)}) == [two]
    assert choose_pending([one, two], {}) == [one, two]


def test_a_file_changed_after_it_was_applied_is_refused_even_by_one_byte(folder: Path) -> None:
    (one, *_) = read_migrations(folder)
    (folder / "0001_one.sql").write_text(ONE + "\n")
    with pytest.raises(MigrationError, match=r"0001_one\.sql was changed after it was applied"):
        choose_pending(read_migrations(folder), {1: (one.name, one.sha256)})


def test_a_database_ahead_of_the_checkout_is_refused(folder: Path) -> None:
    one, two = read_migrations(folder)
    applied = {number: (m.name, m.sha256) for number, m in ((1, one), (2, two))}
    with pytest.raises(MigrationError, match=r"0002_two\.sql, which this checkout lacks"):
        choose_pending([one], applied)


async def test_a_second_run_applies_nothing(folder: Path, empty_url: str) -> None:
    assert await migrate(empty_url, folder) == ["0001_one.sql", "0002_two.sql"]
    assert await migrate(empty_url, folder) == []
    (folder / "0003_three.sql").write_text("CREATE TABLE three (id integer);")
    assert await migrate(empty_url, folder) == ["0003_three.sql"]


async def test_runners_that_start_together_apply_each_file_once(
    folder: Path, empty_url: str
) -> None:
    (folder / "0003_slow.sql").write_text("SELECT pg_sleep(0.2); CREATE TABLE slow (id integer);")
    applied = await asyncio.gather(*(migrate(empty_url, folder) for _ in range(4)))
    assert sorted(map(len, applied)) == [0, 0, 0, 3]


async def test_a_file_that_fails_leaves_no_trace_and_those_before_it_stand(
    folder: Path, empty_url: str
) -> None:
    broken = folder / "0003_three.sql"
    broken.write_text("CREATE TABLE three (id integer); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(
        MigrationError, match=r"0003_three\.sql failed and was rolled back.*nowhere"
    ):
        await migrate(empty_url, folder)
    assert await tables(empty_url) == {"schema_migrations", "one", "two"}
    broken.write_text("CREATE TABLE three (id integer);")
    assert await migrate(empty_url, folder) == ["0003_three.sql"]


async def test_a_file_and_its_entry_in_the_ledger_stand_or_fall_together(
    folder: Path, empty_url: str
) -> None:
    taken = "INSERT INTO schema_migrations VALUES (3, 'x', 'x', '2026-11-23');"
    (folder / "0003_three.sql").write_text(f"CREATE TABLE three (id integer); {taken}")
    with pytest.raises(MigrationError, match=r"0003_three\.sql failed and was rolled back"):
        await migrate(empty_url, folder)
    assert "three" not in await tables(empty_url)


async def test_the_moment_of_applying_is_the_callers(folder: Path, empty_url: str) -> None:
    moment = datetime(2030, 1, 2, tzinfo=UTC)
    await migrate(empty_url, folder, moment)
    connection = await asyncpg.connect(empty_url)
    assert await connection.fetchval("SELECT max(applied_at) FROM schema_migrations") == moment
    await connection.close()


def test_the_command_says_what_it_applied_and_then_that_nothing_is_left(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main() == 0
    assert capsys.readouterr().out.split() == [m.name for m in read_migrations()]
    assert main() == 0
    assert capsys.readouterr().out == "Nothing to apply.\n"


@pytest.mark.parametrize("wrong", ["password", "port", "database", "nothing"])
def test_the_command_says_in_a_sentence_why_it_cannot(
    wrong: str,
    own_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    head, address = own_url.split("@")
    urls = {
        "password": f"postgresql://overplanned:wrong@{address}",
        "port": f"{head}@127.0.0.1:1/overplanned",
        "database": f"{own_url}_of_nobody",
        "nothing": "",
    }
    monkeypatch.setenv("DATABASE_URL", urls[wrong])
    assert main() == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
