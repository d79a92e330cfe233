"""Reads named queries from the .sql file beside a driver, so that SQL is read as SQL.

A query starts at a line `-- name: what_it_does` and ends at the next one.
"""

import re
from pathlib import Path

_NAME = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)


def read_queries(driver_file: str) -> dict[str, str]:
    """Return the queries of `queries.sql` in the folder of `driver_file`, by name."""
    text = Path(driver_file).with_name("queries.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    return {name: sql.strip() for name, sql in zip(parts[::2], parts[1::2], strict=True)}
