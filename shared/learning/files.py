"""The three files of one bucket, written side by side from one pass over its rows."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from threading import Lock
from typing import Protocol

from shared.learning.archive import ArchivedSets, Forget, Objects, Reader
from shared.learning.columns import Columns, Row, answers, personas, sessions
from shared.learning.manifest import BucketFacts, FileFacts
from shared.learning.training_set import KINDS, Dataset, Kind


class Stream(Protocol):
    """Where bytes go, in order."""

    def write(self, data: bytes, /) -> object:
        """Take the bytes."""


class File(Protocol):
    """One file while it is written."""

    def append(self, columns: Columns) -> None:
        """Take rows in order."""

    def close(self) -> FileFacts:
        """Write what is left; return what the file holds."""

    def abandon(self) -> None:
        """Write nothing more."""


class Format(Reader, Protocol):
    """What the files are written in."""

    def write(self, kind: Kind, name: str, stream: Stream) -> File:
        """Begin a file in the stream."""


class Storage(Objects, Protocol):
    """Where datasets are written."""

    def writing(self, name: str) -> AbstractContextManager[Stream]:
        """Stream into an object, which appears when the block ends well."""


class RowsUnreadable(RuntimeError):
    """What was logged does not fit the schema; leaving it out would lose it for ever."""

    def __init__(self, rows: Sequence[Row], reason: Exception) -> None:
        first, last = rows[0]["trip_id"], rows[-1]["trip_id"]
        super().__init__(f"Rows of the trips {first} to {last} do not fit the schema: {reason}")


class BucketFiles:
    """Takes a bucket's rows in order; its objects appear when it is closed, and not before."""

    def __init__(
        self, dataset: Dataset, bucket: int, storage: Storage, files: Format, forget: Forget
    ) -> None:
        # Told to stop, a task abandons its files while a thread may still be writing them.
        self._turn = Lock()
        self._uploads = ExitStack()
        self._archived = ArchivedSets(storage, files, forget)
        self._feature_hashes: set[str] = set()
        self._weight_tables: set[int] = set()
        self._files: dict[Kind, File] = {}
        try:
            for kind in KINDS:
                name = dataset.object_of(kind, bucket)
                stream = self._uploads.enter_context(storage.writing(name))
                self._files[kind] = files.write(kind, name, stream)
        except BaseException as error:
            self.abandon(error)
            raise

    def append(self, rows: Sequence[Row]) -> None:
        """Take the next rows; raises ArchiveBroken and RowsUnreadable."""
        try:
            with self._turn:
                self._append(rows)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RowsUnreadable(rows, error) from error

    def _append(self, rows: Sequence[Row]) -> None:
        rankings = [row for row in rows if row["signal_type"] == "candidate_set_logged"]
        others = [row for row in rows if row["signal_type"] != "candidate_set_logged"]
        if rankings:
            sets = [self._archived.set_of(row) for row in rankings]
            self._files["sessions"].append(sessions(rankings, sets))
            self._files["personas"].append(personas(rankings))
        if others:
            self._files["answers"].append(answers(others))
        hashes = (row["context"].get("feature_hash") for row in rankings)
        self._feature_hashes.update(found for found in hashes if found)
        self._weight_tables.update(row["weight_table_version"] for row in rows)

    def close(self) -> BucketFacts:
        """Finish the files and let them appear; return what they hold."""
        with self._turn:
            self._archived.close()
            facts = tuple(file.close() for file in self._files.values())
            self._uploads.close()
        return BucketFacts(
            facts, tuple(sorted(self._feature_hashes)), tuple(sorted(self._weight_tables))
        )

    def abandon(self, error: BaseException) -> None:
        """Give up what was begun; objects that were there stay as they are."""
        with self._turn:
            self._archived.close()
            for file in self._files.values():
                file.abandon()
            self._uploads.__exit__(type(error), error, error.__traceback__)
