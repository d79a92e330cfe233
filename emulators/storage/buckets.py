"""Owns the table of buckets."""

import json
from dataclasses import replace

from emulators.skeleton.store import Store
from emulators.storage.errors import bucket_exists, bucket_not_empty, no_bucket
from emulators.storage.stored import Json, StoredBucket


class Buckets:
    """Buckets by name. A change is durable once the store has committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> StoredBucket:
        """The bucket. Raises StorageError 404."""
        rows = self._store.rows("SELECT * FROM buckets WHERE name = ?", (name,))
        if not rows:
            raise no_bucket()
        return _bucket(rows[0])

    def named(self, prefix: str, after: str, most: int) -> list[StoredBucket]:
        """At most `most` buckets in order of name, from the first one after `after`."""
        sql = (
            "SELECT * FROM buckets WHERE name > ? AND substr(name, 1, ?) = ? ORDER BY name LIMIT ?"
        )
        return [_bucket(row) for row in self._store.rows(sql, (after, len(prefix), prefix, most))]

    def add(self, name: str, settings: Json, now: float) -> StoredBucket:
        """A new bucket. Raises StorageError 409 where the name is taken."""
        if self._store.rows("SELECT 1 FROM buckets WHERE name = ?", (name,)):
            raise bucket_exists()
        bucket = StoredBucket(name, 1, settings, now, now)
        self._store.execute(
            "INSERT INTO buckets VALUES (?, ?, ?, ?, ?)", (name, 1, json.dumps(settings), now, now)
        )
        return bucket

    def change(self, bucket: StoredBucket, settings: Json, now: float) -> StoredBucket:
        """The bucket with other settings, one metageneration on."""
        changed = replace(
            bucket, settings=settings, metageneration=bucket.metageneration + 1, updated=now
        )
        self._store.execute(
            "UPDATE buckets SET metageneration = ?, settings = ?, updated = ? WHERE name = ?",
            (changed.metageneration, json.dumps(settings), now, bucket.name),
        )
        return changed

    def remove(self, name: str) -> None:
        """Deletes the bucket. Raises StorageError 409 while it holds any generation."""
        if self._store.rows("SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", (name,)):
            raise bucket_not_empty()
        self._store.execute("DELETE FROM buckets WHERE name = ?", (name,))

    def clear(self) -> None:
        """Deletes all buckets."""
        self._store.execute("DELETE FROM buckets")


def _bucket(row: tuple[str, int, str, float, float]) -> StoredBucket:
    name, metageneration, settings, created, updated = row
    return StoredBucket(name, metageneration, json.loads(settings), created, updated)
