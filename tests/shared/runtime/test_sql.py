"""Named queries are read whole, each under its own name."""

from pathlib import Path

import pytest

from shared.runtime.sql import read_queries

FILE = """-- What stands before the first name belongs to none.
SELECT 'nothing';

-- name: find_one
-- Its comment is a part of it.
SELECT 1
FROM somewhere; -- name: not_at_the_start_of_a_line

-- name: find_all
SELECT *;
"""


@pytest.fixture
def driver(tmp_path: Path) -> str:
    (tmp_path / "queries.sql").write_text(FILE, encoding="utf-8")
    return str(tmp_path / "postgres.py")


def test_each_query_stands_under_its_name_up_to_the_next(driver: str) -> None:
    assert read_queries(driver) == {
        "find_one": (
            "-- Its comment is a part of it.\n"
            "SELECT 1\nFROM somewhere; -- name: not_at_the_start_of_a_line"
        ),
        "find_all": "SELECT *;",
    }


def test_a_driver_without_its_file_fails_when_it_is_imported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"queries\.sql"):
        read_queries(str(tmp_path / "postgres.py"))
