"""Parquet: the same rows give the same bytes, however they come; and reading what is archived."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shared.learning.candidates import CandidateColumns
from shared.learning.columns import Columns
from shared.learning.files import Stream
from shared.learning.manifest import FileFacts
from shared.learning.training_set import (
    CANDIDATES,
    COLUMNS,
    FEATURES,
    OTHER,
    PERSONA_DIMENSIONS,
    Column,
    ColumnType,
    Kind,
)

# A session holds 200 candidates: a group of them is what is held in memory at once.
ROWS_A_GROUP: Final[dict[Kind, int]] = {"sessions": 100, "answers": 20_000, "personas": 2_000}
_ROWS_READ_AT_ONCE: Final = 50

_PLAIN: Final[dict[ColumnType, pa.DataType]] = {
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "integer": pa.int32(),
    "integers": pa.list_(pa.int32()),
    "long": pa.int64(),
    "real": pa.float64(),
    "flag": pa.bool_(),
    "moment": pa.timestamp("us", "UTC"),
    "vector": pa.list_(pa.float32(), PERSONA_DIMENSIONS),
    "scores": pa.map_(pa.string(), pa.float64()),
}
_IN_CANDIDATE: Final = (*CANDIDATES, *FEATURES, OTHER)
_CANDIDATE: Final = pa.struct([(column.name, _PLAIN[column.type]) for column in _IN_CANDIDATE])
_TYPES: Final = {**_PLAIN, "candidates": pa.list_(_CANDIDATE)}
_SCHEMAS: Final = {
    kind: pa.schema([(column.name, _TYPES[column.type]) for column in columns])
    for kind, columns in COLUMNS.items()
}


class Parquet:
    """Opens files of the training set."""

    def write(self, kind: Kind, name: str, stream: Stream) -> "ParquetFile":
        """Begin a file in the stream, which its owner ends."""
        return ParquetFile(kind, name, stream)

    def read_sets(self, stream: BinaryIO) -> Iterator[Mapping[str, Any]]:
        """Return trip_id, ranking_id, forgotten and candidates of each, in the file's order."""
        columns = ["trip_id", "ranking_id", "forgotten", "candidates"]
        for batch in pq.ParquetFile(stream).iter_batches(_ROWS_READ_AT_ONCE, columns=columns):
            yield from batch.to_pylist()

    def read_sizes(self, stream: BinaryIO) -> Iterator[tuple[Sequence[str], Sequence[int]]]:
        """Return the sessions' rankings and the sizes of their candidate sets, some at a time."""
        columns = ["ranking_id", "candidates.list.element.node_id"]
        for batch in pq.ParquetFile(stream).iter_batches(_ROWS_READ_AT_ONCE, columns=columns):
            sizes = batch.column("candidates").value_lengths().to_pylist()
            yield batch.column("ranking_id").to_pylist(), sizes


class ParquetFile:
    """One file while it is written: zstd, groups of a fixed number of rows."""

    def __init__(self, kind: Kind, name: str, stream: Stream) -> None:
        self._kind: Kind = kind
        self._name = name
        self._counted = _Counted(stream)
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._counted, mode="w"),
            _SCHEMAS[kind],
            version="2.6",
            compression="zstd",
            compression_level=3,
        )
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._rows = 0
        self._simulated_rows = 0

    def append(self, columns: Columns) -> None:
        """Take rows in order; whole row groups are written."""
        table = _table(self._kind, columns)
        self._rows += table.num_rows
        self._simulated_rows += table["simulated"].to_pylist().count(True)
        self._waiting.append(table)
        self._waiting_rows += table.num_rows
        while self._waiting_rows >= ROWS_A_GROUP[self._kind]:
            self._write_group(ROWS_A_GROUP[self._kind])

    def close(self) -> FileFacts:
        """Write what is left and the footer; return what the file holds."""
        if self._waiting_rows:
            self._write_group(self._waiting_rows)
        self._writer.close()
        return FileFacts(
            kind=self._kind,
            name=self._name,
            rows=self._rows,
            simulated_rows=self._simulated_rows,
            bytes=self._counted.bytes,
            sha256=self._counted.sha256.hexdigest(),
        )

    def abandon(self) -> None:
        """Write nothing more; a writer that is not closed would do so when it is collected."""
        self._counted.drop()
        self._writer.close()

    def _write_group(self, rows: int) -> None:
        waiting = pa.concat_tables(self._waiting)
        # One chunk: the pages of a column must not tell how its rows arrived.
        group, rest = waiting.slice(0, rows).combine_chunks(), waiting.slice(rows)
        self._writer.write_table(group, row_group_size=rows)
        self._waiting = [rest] if rest.num_rows else []
        self._waiting_rows = rest.num_rows


class _Counted:
    """Passes bytes on and keeps their number and their SHA-256; pyarrow sees a writable file."""

    closed = False

    def __init__(self, stream: Stream) -> None:
        self._stream: Stream | None = stream
        self.sha256 = hashlib.sha256()
        self.bytes = 0

    def write(self, data: pa.Buffer | bytes) -> int:
        content = bytes(data)
        self.sha256.update(content)
        self.bytes += len(content)
        if self._stream is not None:
            self._stream.write(content)
        return len(content)

    def drop(self) -> None:
        """Take what still comes and pass it to nobody."""
        self._stream = None

    def flush(self) -> None:
        """Do nothing: a row group is not the end of the stream."""

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        """Leave the stream to whoever opened it: closing an upload makes it an object."""


def _table(kind: Kind, columns: Columns) -> pa.Table:
    arrays = [_array(column, columns[column.name]) for column in COLUMNS[kind]]
    return pa.Table.from_arrays(arrays, schema=_SCHEMAS[kind])


def _array(column: Column, values: Sequence[Any] | CandidateColumns) -> pa.Array:
    if isinstance(values, CandidateColumns):
        inner = [_array(one, values.columns[one.name]) for one in _IN_CANDIDATE]
        structs = pa.StructArray.from_arrays(inner, fields=list(_CANDIDATE))
        return pa.ListArray.from_arrays(_offsets(values.sizes), structs)
    if column.type == "scores":
        return _maps([value or {} for value in values])
    return pa.array(values, _TYPES[column.type])


def _maps(maps: Sequence[Mapping[str, float]]) -> pa.MapArray:
    keys = pa.array(chain.from_iterable(maps), pa.string())
    values = pa.array(chain.from_iterable(one.values() for one in maps), pa.float64())
    return pa.MapArray.from_arrays(_offsets(map(len, maps)), keys, values)


def _offsets(sizes: Iterable[int]) -> pa.Array:
    return pa.array(list(accumulate(sizes, initial=0)), pa.int32())
