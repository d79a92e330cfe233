"""`python -m migrations`: applies what is pending to DATABASE_URL and prints it."""

import asyncio
import os
import sys

import asyncpg

from migrations.runner import MigrationError, migrate


def main() -> int:
    """Return 0 when the database is up to date, 1 with a sentence on stderr when it is not."""
    database_url = os.environ.get("DATABASE_URL")
    if not database_url:
        print("Set DATABASE_URL to the database to migrate.", file=sys.stderr)
        return 1
    try:
        applied = asyncio.run(migrate(database_url))
    except (MigrationError, asyncpg.PostgresError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(applied) if applied else "Nothing to apply.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
