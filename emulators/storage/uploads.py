"""Owns the table of resumable uploads; how much of one has arrived is the size of its file."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

from emulators.skeleton.store import Store
from emulators.storage.stored import Json

_COLUMNS = "id, bucket, name, params, metadata, total, generation, refusal"
LIFETIME_S = 7 * 24 * 3600  # Cloud Storage's own


@dataclass(frozen=True, slots=True)
class Upload:
    """A resumable upload: what was said when it began, and what it became."""

    id: str
    bucket: str
    name: str
    params: Json
    metadata: Json
    total: int | None
    generation: int | None
    refusal: str | None


class Uploads:
    """Resumable uploads by id. A change is durable once the store has committed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lock(self, upload_id: str) -> asyncio.Lock:
        """Held while bytes are added: a client that gave up may retry before its line is dead."""
        return self._locks.setdefault(upload_id, asyncio.Lock())

    def begin(
        self, bucket: str, name: str, params: Json, metadata: Json, total: int | None, now: float
    ) -> Upload:
        """A new upload, with an id that nobody can guess."""
        upload = Upload(uuid4().hex, bucket, name, params, metadata, total, None, None)
        self._store.execute(
            "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
            (upload.id, bucket, name, json.dumps(params), json.dumps(metadata), total, now),
        )
        return upload

    def find(self, upload_id: str) -> Upload | None:
        """The upload of that id."""
        sql = f"SELECT {_COLUMNS} FROM uploads WHERE id = ?"  # noqa: S608
        rows = self._store.rows(sql, (upload_id,))
        return _upload(*rows[0]) if rows else None

    def finish(self, upload: Upload, generation: int) -> None:
        """Notes what the upload became, so that a repeated last chunk is answered alike."""
        self._store.execute(
            "UPDATE uploads SET generation = ? WHERE id = ?", (generation, upload.id)
        )

    def refuse(self, upload: Upload, refusal: str) -> None:
        """Notes the answer that everything gets which still comes for the upload."""
        self._store.execute("UPDATE uploads SET refusal = ? WHERE id = ?", (refusal, upload.id))

    def remove(self, upload: Upload) -> None:
        """Forgets an upload."""
        self._store.execute("DELETE FROM uploads WHERE id = ?", (upload.id,))

    def forget_older_than(self, now: float) -> None:
        """Forgets the uploads whose time is over at unix second `now`."""
        self._store.execute("DELETE FROM uploads WHERE started < ?", (now - LIFETIME_S,))

    def open_ids(self) -> set[str]:
        """The uploads that have not become an object."""
        return {
            row[0] for row in self._store.rows("SELECT id FROM uploads WHERE generation IS NULL")
        }

    def clear(self) -> None:
        """Forgets all uploads."""
        self._store.execute("DELETE FROM uploads")


def _upload(id_: str, bucket: str, name: str, params: str, metadata: str, *rest: Any) -> Upload:
    return Upload(id_, bucket, name, json.loads(params), json.loads(metadata), *rest)
