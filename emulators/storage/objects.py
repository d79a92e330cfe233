"""Owns the table of objects and their generations."""

import json
from dataclasses import fields, replace
from typing import Any

from emulators.skeleton.store import Store
from emulators.storage.errors import no_object
from emulators.storage.stored import Json, StoredObject

_COLUMNS = tuple(field.name for field in fields(StoredObject))  # the table has them in this order


class Objects:
    """Object generations. A change is durable once the store has committed.

    What a change leaves without a row is named by its body, for the caller to delete after that.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, bucket: str, name: str, generation: int | None = None) -> StoredObject | None:
        """The live generation, or the one asked for."""
        which = "deleted IS NULL" if generation is None else "generation = ?"
        values = (bucket, name) if generation is None else (bucket, name, generation)
        sql = f"SELECT * FROM objects WHERE bucket = ? AND name = ? AND {which}"  # noqa: S608
        rows = self._store.rows(sql, values)
        return _object(rows[0]) if rows else None

    def get(self, bucket: str, name: str, generation: int | None = None) -> StoredObject:
        """As `find`. Raises StorageError 404."""
        found = self.find(bucket, name, generation)
        if found is None:
            raise no_object(bucket, name)
        return found

    def next_generation(self, now: float) -> int:
        """Microseconds on the stack's clock, and always more than the last one given out."""
        [(last,)] = self._store.rows("SELECT last FROM generations")
        generation = max(int(now * 1_000_000), int(last) + 1)
        self._store.execute("UPDATE generations SET last = ?", (generation,))
        return generation

    def put(self, stored: StoredObject, *, versioned: bool) -> list[str]:
        """Makes `stored` the live generation; returns the bodies no longer needed."""
        dropped = self.retire(stored.bucket, stored.name, stored.created, versioned=versioned)
        columns = {name: getattr(stored, name) for name in _COLUMNS}
        columns["metadata"] = json.dumps(stored.metadata)
        marks = ", ".join("?" * len(columns))
        self._store.execute(
            f"INSERT INTO objects VALUES ({marks})",  # noqa: S608
            tuple(columns.values()),
        )
        return dropped

    def retire(self, bucket: str, name: str, now: float, *, versioned: bool) -> list[str]:
        """Ends the live generation, if any; it stays as a noncurrent one where `versioned`."""
        live = self.find(bucket, name)
        if live is None:
            return []
        if not versioned:
            return self.remove(live)
        self._store.execute(
            "UPDATE objects SET deleted = ? WHERE bucket = ? AND name = ? AND generation = ?",
            (now, bucket, name, live.generation),
        )
        return []

    def remove(self, stored: StoredObject) -> list[str]:
        """Deletes one generation for good; returns its body."""
        self._store.execute(
            "DELETE FROM objects WHERE bucket = ? AND name = ? AND generation = ?",
            (stored.bucket, stored.name, stored.generation),
        )
        return [stored.body]

    def change(self, stored: StoredObject, metadata: Json, now: float) -> StoredObject:
        """The object with other metadata, one metageneration on."""
        changed = replace(
            stored, metadata=metadata, metageneration=stored.metageneration + 1, updated=now
        )
        self._store.execute(
            "UPDATE objects SET metageneration = ?, metadata = ?, updated = ?"
            " WHERE bucket = ? AND name = ? AND generation = ?",
            (
                changed.metageneration,
                json.dumps(metadata),
                now,
                stored.bucket,
                stored.name,
                stored.generation,
            ),
        )
        return changed

    def between(
        self, bucket: str, first: tuple[str, int], end: str | None, most: int, *, versions: bool
    ) -> list[StoredObject]:
        """At most `most` generations in order, from `first` (name, generation) to before `end`."""
        where, values = "bucket = ? AND (name, generation) >= (?, ?)", [bucket, *first]
        if end is not None:
            where, values = f"{where} AND name < ?", [*values, end]
        if not versions:
            where += " AND deleted IS NULL"
        sql = f"SELECT * FROM objects WHERE {where} ORDER BY name, generation LIMIT ?"  # noqa: S608
        return [_object(row) for row in self._store.rows(sql, [*values, most])]

    def bodies(self) -> set[str]:
        """The bodies of all generations."""
        return {body for (body,) in self._store.rows("SELECT body FROM objects")}

    def totals(self) -> dict[str, Json]:
        """Per bucket: how many live objects and bytes, and how many noncurrent generations."""
        sql = (
            "SELECT b.name, count(o.name) - count(o.deleted), count(o.deleted),"
            " coalesce(sum(o.size), 0)"
            " FROM buckets b LEFT JOIN objects o ON o.bucket = b.name GROUP BY b.name"
        )
        return {
            name: {"objects": live, "noncurrent": noncurrent, "bytes": size}
            for name, live, noncurrent, size in self._store.rows(sql)
        }

    def clear(self) -> None:
        """Deletes all rows."""
        self._store.execute("DELETE FROM objects")


def _object(row: tuple[Any, ...]) -> StoredObject:
    columns = dict(zip(_COLUMNS, row, strict=True))
    return StoredObject(**columns | {"metadata": json.loads(columns["metadata"])})
