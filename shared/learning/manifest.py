"""What a dataset says of itself: its files with their checksums, and what it was made of."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from shared.learning.training_set import KINDS, SCHEMA_VERSION, Dataset, Kind


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One object: rows, how many of them are simulated, its bytes and their SHA-256."""

    kind: Kind
    name: str
    rows: int
    simulated_rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """A bucket that is written: its files, and the versions that its rows name."""

    files: tuple[FileFacts, ...]
    feature_hashes: tuple[str, ...]
    weight_table_versions: tuple[int, ...]

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "BucketFacts":
        """Return the facts as they were recorded."""
        return cls(
            files=tuple(FileFacts(**file) for file in kept["files"]),
            feature_hashes=tuple(kept["feature_hashes"]),
            weight_table_versions=tuple(kept["weight_table_versions"]),
        )

    def record(self) -> dict[str, Any]:
        """Return the facts as JSON values."""
        return asdict(self)

    def file(self, kind: Kind) -> FileFacts:
        """Return the facts of one of the files."""
        return next(file for file in self.files if file.kind == kind)


def signals_in(buckets: Sequence[BucketFacts]) -> int:
    """Return how many rows of behavioral_signals went into the buckets."""
    signals = ("sessions", "answers")
    return sum(file.rows for facts in buckets for file in facts.files if file.kind in signals)


def manifest(dataset: Dataset, buckets: Sequence[BucketFacts]) -> bytes:
    """Return manifest.json; it names no time and no run, so a repeated run writes the same."""
    files = sorted((file for facts in buckets for file in facts.files), key=lambda file: file.name)
    told = {
        "schema_version": SCHEMA_VERSION,
        "day": dataset.day.isoformat(),
        "version": dataset.version,
        "newest_seq": dataset.newest_seq,
        "totals": {kind: _total([file for file in files if file.kind == kind]) for kind in KINDS},
        "feature_hashes": sorted({name for facts in buckets for name in facts.feature_hashes}),
        "weight_table_versions": sorted(
            {number for facts in buckets for number in facts.weight_table_versions}
        ),
        "files": [
            {**asdict(file), "name": file.name.removeprefix(dataset.prefix)} for file in files
        ],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def success(manifest_json: bytes) -> bytes:
    """Return the content of `_SUCCESS`: the manifest's SHA-256, so that the two belong together."""
    return hashlib.sha256(manifest_json).hexdigest().encode()


def _total(files: Sequence[FileFacts]) -> dict[str, int]:
    rows = sum(file.rows for file in files)
    simulated = sum(file.simulated_rows for file in files)
    return {
        "rows": rows,
        "simulated_rows": simulated,
        "real_rows": rows - simulated,
        "bytes": sum(file.bytes for file in files),
    }
