"""A file's bytes follow from its rows alone."""

import hashlib
import io
from collections.abc import Iterator

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.learning import parquet
from shared.learning.columns import Columns
from shared.learning.manifest import FileFacts
from shared.learning.parquet import ParquetFile
from shared.learning.training_set import COLUMNS, KINDS, SCHEMA_VERSION, Kind

ROWS = 2600
"""Their vectors fill more than one page, and pages may be cut where rows were."""


def personas(start: int, stop: int) -> Columns:
    numbers = range(start, stop)
    return {
        "subject": [f"s{number}" for number in numbers],
        "ranking_id": [f"r{number}" for number in numbers],
        "member": [0 for _ in numbers],
        "embedding": [[number + place / 128 for place in range(128)] for number in numbers],
        "space_version": [1 for _ in numbers],
        "source": ["llm" for _ in numbers],
        "simulated": [number % 2 == 0 for number in numbers],
    }


def write(cuts: list[int]) -> tuple[bytes, FileFacts]:
    """The file of all rows, appended in pieces."""
    stream = io.BytesIO()
    file = ParquetFile("personas", "a/b", stream)
    for start, stop in zip([0, *cuts], [*cuts, ROWS], strict=True):
        file.append(personas(start, stop))
    facts = file.close()
    return stream.getvalue(), facts


@pytest.fixture(autouse=True, scope="module")
def small_groups() -> Iterator[None]:
    kept = parquet.ROWS_A_GROUP["personas"]
    parquet.ROWS_A_GROUP["personas"] = 2500
    yield
    parquet.ROWS_A_GROUP["personas"] = kept


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, ROWS), max_size=6).map(sorted))
def test_the_bytes_do_not_depend_on_how_the_rows_came(cuts: list[int]) -> None:
    assert write(cuts) == write([])


def test_a_row_group_is_never_larger_than_what_may_be_held_in_memory() -> None:
    read = pq.ParquetFile(io.BytesIO(write([2510])[0])).metadata
    groups = [read.row_group(number).num_rows for number in range(read.num_row_groups)]
    assert groups == [2500, 100]
    assert read.row_group(0).column(0).compression == "ZSTD"


def test_the_facts_are_of_the_bytes_that_were_written() -> None:
    content, facts = write([])
    assert facts.bytes == len(content)
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert (facts.rows, facts.simulated_rows) == (ROWS, ROWS // 2)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_rows_has_its_schema(kind: Kind) -> None:
    stream = io.BytesIO()
    assert ParquetFile(kind, "a", stream).close().rows == 0
    read = pq.read_table(io.BytesIO(stream.getvalue()))
    assert read.schema.names == [column.name for column in COLUMNS[kind]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_explained_and_none_is_a_user_id(kind: Kind) -> None:
    assert SCHEMA_VERSION == 1
    for column in COLUMNS[kind]:
        assert column.meaning
        assert "user" not in column.name
