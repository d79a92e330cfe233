"""Owns the emulator's state as a whole, and the changes that span rows and files."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from emulators.skeleton.clock import Clock
from emulators.skeleton.store import Store
from emulators.storage import bodies, digests
from emulators.storage.bodies import Bodies, Checksums
from emulators.storage.buckets import Buckets
from emulators.storage.digests import Promises
from emulators.storage.objects import Objects
from emulators.storage.preconditions import Preconditions
from emulators.storage.stored import Json, StoredObject
from emulators.storage.uploads import Upload, Uploads

SCHEMA = Path(__file__).with_name("schema.sql")
DATABASE = "storage.db"


@dataclass(frozen=True, slots=True)
class NewObject:
    """What is about to become an object's live generation; its bytes come separately."""

    bucket: str
    name: str
    metadata: Json
    preconditions: Preconditions
    promises: Promises = frozenset()
    components: int | None = None


class Storage:
    """Buckets, objects and unfinished uploads in one data folder."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self.clock = clock
        self.store = Store(data_dir / DATABASE, SCHEMA.read_text())
        self.bodies = Bodies(data_dir)
        self.buckets = Buckets(self.store)
        self.objects = Objects(self.store)
        self.uploads = Uploads(self.store)
        self.uploads.forget_older_than(clock.now())
        self.bodies.keep_only(self.objects.bodies(), self.uploads.open_ids())

    async def receive(self, chunks: AsyncIterator[bytes]) -> Path:
        """Writes what arrives into an unfinished body; nothing of it is left on failure."""
        incoming = self.bodies.incoming(uuid4().hex)
        try:
            await bodies.write(incoming, chunks)
        except BaseException:
            self.bodies.discard(incoming)
            raise
        return incoming

    async def insert(
        self, new: NewObject, incoming: Path, upload: Upload | None = None
    ) -> StoredObject:
        """Makes an unfinished body the live generation of an object; durable when it returns.

        `upload` is the resumable upload that ends with it. Raises StorageError 400 for a broken
        checksum, 404 without the bucket, 412; then nothing has changed and the body is gone.
        """
        try:
            calculated = await asyncio.to_thread(bodies.checksums, incoming)
            digests.check(new.promises, calculated)
            return await self._put(new, calculated, incoming, upload)
        finally:
            self.bodies.discard(incoming)

    async def duplicate(self, new: NewObject, source: StoredObject) -> StoredObject:
        """Makes the bytes of `source` the live generation of another object. Raises 404, 412."""
        return await self.insert(new, self.bodies.copy(source.body))

    async def remove(self, stored: StoredObject, *, for_good: bool) -> None:
        """Deletes an object, or retires it in a bucket that keeps versions."""
        if for_good:
            dropped = self.objects.remove(stored)
        else:
            versioned = self.buckets.get(stored.bucket).versioned
            now = self.clock.now()
            dropped = self.objects.retire(stored.bucket, stored.name, now, versioned=versioned)
        await self.store.commit()
        self.bodies.delete(dropped)

    async def clear(self) -> None:
        """Deletes everything."""
        for table in (self.buckets, self.objects, self.uploads):
            table.clear()
        await self.store.commit()
        self.bodies.keep_only(set(), set())

    async def _put(
        self, new: NewObject, calculated: Checksums, incoming: Path, upload: Upload | None
    ) -> StoredObject:
        # No await between the check and the change: nobody can write in between.
        versioned = self.buckets.get(new.bucket).versioned
        new.preconditions.allow_write(self.objects.find(new.bucket, new.name))
        now = self.clock.now()
        stored = StoredObject(
            new.bucket,
            new.name,
            generation=self.objects.next_generation(now),
            metageneration=1,
            size=calculated.size,
            crc32c=calculated.crc32c,
            md5=calculated.md5 if new.components is None else None,
            body=self.bodies.finish(incoming),
            metadata=new.metadata,
            components=new.components,
            created=now,
            updated=now,
        )
        dropped = self.objects.put(stored, versioned=versioned)
        if upload:
            self.uploads.finish(upload, stored.generation)
        await self.store.commit()
        self.bodies.delete(dropped)
        return stored
