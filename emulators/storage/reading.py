"""Owns finding the object that a call is about, under the conditions it sets."""

from emulators.storage.call import Call
from emulators.storage.errors import condition_not_met, not_modified
from emulators.storage.resources import object_etag
from emulators.storage.storage import Storage
from emulators.storage.stored import StoredObject


def readable(storage: Storage, call: Call) -> StoredObject:
    """The object. Raises StorageError 404, 412, and 304 where a not-match fails."""
    preconditions = call.preconditions
    storage.buckets.get(call.bucket)
    stored = storage.objects.get(call.bucket, call.object, call.generation)
    preconditions.allow_read(stored)
    etag = object_etag(stored)
    if "if-match" in call.headers and etag not in _etags(call.headers["if-match"]):
        raise condition_not_met()
    if etag in _etags(call.headers.get("if-none-match", "")):
        raise not_modified()
    return stored


def writable(storage: Storage, call: Call) -> StoredObject:
    """The object that a call changes or deletes. Raises StorageError 404, 412."""
    preconditions = call.preconditions
    storage.buckets.get(call.bucket)
    stored = storage.objects.get(call.bucket, call.object, call.generation)
    preconditions.allow_write(stored)
    return stored


def _etags(header: str) -> set[str]:
    return {etag.strip().strip('"') for etag in header.split(",")}
