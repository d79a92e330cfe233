"""Candidate sets that lie in a dataset alone: references to them, and reading them in order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO, Final, Protocol

from shared.learning.candidates import Logged, logged
from shared.learning.columns import Row, has_left

ARCHIVED_AFTER: Final = timedelta(days=90)
Forget = Callable[[Row, Sequence[Logged]], Sequence[Logged]]
"""Takes the taste of a person who left out of a set that was archived before."""

_Place = tuple[bool, str]
_Session = Mapping[str, Any]


class ArchiveBroken(RuntimeError):
    """What a reference promises does not lie where it points."""


class Objects(Protocol):
    """Where datasets lie."""

    def name_of(self, uri: str) -> str:
        """Return the object's name."""

    def sha256(self, name: str) -> str:
        """Return the SHA-256 of an object's bytes."""

    def reading(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Read an object piece by piece."""


class Reader(Protocol):
    """Reads what is archived."""

    def read_sets(self, stream: BinaryIO) -> Iterator[Mapping[str, Any]]:
        """Return trip_id, ranking_id, forgotten and candidates of each, in the file's order."""


@dataclass(frozen=True, slots=True)
class _Reference:
    uri: str
    sha256: str
    count: int


class ArchivedSets:
    """Finds the candidate sets of rows that come in the file's own order, by trip."""

    def __init__(self, objects: Objects, reader: Reader, forget: Forget) -> None:
        self._objects = objects
        self._reader = reader
        self._forget = forget
        self._open = ExitStack()
        self._files: dict[str, _Trips] = {}

    def set_of(self, row: Row) -> Sequence[Logged]:
        """Return the row's candidate set, from the row itself or from where it was archived.

        Raises ArchiveBroken where the file is not the one referred to, or lacks the set.
        """
        kept = row["context"].get("full_candidate_set") or []
        if not isinstance(kept, Mapping):
            return kept if isinstance(kept, Sequence) else []
        reference = _Reference(kept["archived"], kept["sha256"], kept["count"])
        found = self._file(reference).sets(_place(row["trip_id"])).get(str(row["ranking_id"]))
        if found is None or len(found["candidates"]) != reference.count:
            raise ArchiveBroken(f"{reference.uri} lacks the set of ranking {row['ranking_id']}.")
        candidates = [logged(candidate) for candidate in found["candidates"]]
        # The file says whether its own set was forgotten: the row may have been since.
        known = found["forgotten"] or not has_left(row)
        return candidates if known else self._forget(row, candidates)

    def close(self) -> None:
        """Close the files that were read."""
        self._open.close()

    def _file(self, reference: _Reference) -> "_Trips":
        if reference.uri not in self._files:
            name = self._objects.name_of(reference.uri)
            if self._objects.sha256(name) != reference.sha256:
                raise ArchiveBroken(f"{reference.uri} is not the file with its SHA-256.")
            stream = self._open.enter_context(self._objects.reading(name))
            self._files[reference.uri] = _Trips(self._reader.read_sets(stream))
        return self._files[reference.uri]


class _Trips:
    """A sessions file read once, forward; it holds one trip's sets at a time."""

    def __init__(self, rows: Iterator[Mapping[str, Any]]) -> None:
        self._rows = rows
        self._next = next(self._rows, None)
        self._place: _Place | None = None
        self._sets: dict[str, _Session] = {}

    def sets(self, place: _Place) -> Mapping[str, _Session]:
        """Return the trip's sessions by ranking."""
        if place != self._place:
            self._place, self._sets = place, {}
            while self._next is not None and _place(self._next["trip_id"]) <= place:
                if _place(self._next["trip_id"]) == place:
                    self._sets[self._next["ranking_id"]] = self._next
                self._next = next(self._rows, None)
        return self._sets


def _place(trip_id: object) -> _Place:
    """Return where a trip stands in the file's order; rows without one come last."""
    return trip_id is None, str(trip_id)
