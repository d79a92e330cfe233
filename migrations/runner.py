"""Applies the numbered SQL files in order, once, each in a transaction, one runner at a time."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

FOLDER = Path(__file__).parent
_NAME = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")
_LOCK = 0x0F4E_91A2
_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL
)
"""


class MigrationError(Exception):
    """A migration that must not be applied: the sentence says which and what to change."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file: its number, file name and text."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Hex digest of the file's text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """Return the folder's migrations in order; raise MigrationError on a bad name or a gap."""
    migrations = []
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.match(path.name)
        if match is None:
            raise MigrationError(f"{path.name} is not named like 0001_what_it_does.sql; rename it.")
        migrations.append(Migration(int(match[1]), path.name, path.read_text(encoding="utf-8")))
    for expected, migration in enumerate(migrations, start=1):
        if migration.number != expected:
            raise MigrationError(
                f"{migration.name} should have number {expected:04d}: numbers have no gap, no twin."
            )
    return migrations


def choose_pending(
    migrations: Sequence[Migration], applied: dict[int, tuple[str, str]]
) -> list[Migration]:
    """Return what is still to apply; raise MigrationError where history and folder disagree.

    `applied` maps a number to the (name, sha256) it was applied with.
    """
    known = {migration.number: migration for migration in migrations}
    for number, (name, sha256) in sorted(applied.items()):
        if number not in known:
            raise MigrationError(
                f"The database has migration {name}, which this checkout lacks; deploy newer code."
            )
        if known[number].sha256 != sha256:
            raise MigrationError(
                f"{known[number].name} was changed after it was applied; "
                "restore it and put the change into a new migration."
            )
    return [migration for migration in migrations if migration.number not in applied]


async def migrate(
    database_url: str, folder: Path = FOLDER, now: datetime | None = None
) -> list[str]:
    """Bring the database up to date and return the names applied now.

    A second runner waits on an advisory lock and then finds nothing to do. Raises MigrationError
    on a changed, missing or misnumbered file; a failing file leaves no trace of itself.
    """
    migrations = read_migrations(folder)
    applied_at = now or datetime.now(UTC)
    connection = await asyncpg.connect(database_url, timeout=30)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await connection.execute(_LEDGER)
        rows = await connection.fetch("SELECT number, name, sha256 FROM schema_migrations")
        applied = {row["number"]: (row["name"], row["sha256"]) for row in rows}
        pending = choose_pending(migrations, applied)
        for migration in pending:
            await _apply(connection, migration, applied_at)
        return [migration.name for migration in pending]
    finally:
        await connection.close()


async def _apply(
    connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration, applied_at: datetime
) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO schema_migrations (number, name, sha256, applied_at)"
                " VALUES ($1, $2, $3, $4)",
                migration.number,
                migration.name,
                migration.sha256,
                applied_at,
            )
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{migration.name} failed and was rolled back: {error}") from error
