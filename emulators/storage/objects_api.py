"""Owns the calls on objects that do not carry their bytes."""

from starlette.responses import Response

from emulators.storage import media
from emulators.storage.call import Call, answer
from emulators.storage.errors import unsupported
from emulators.storage.listing import ListQuery, page
from emulators.storage.metadata import patched
from emulators.storage.reading import readable, writable
from emulators.storage.resources import object_resource
from emulators.storage.storage import Storage
from emulators.storage.stored import Json


async def get(storage: Storage, call: Call) -> Response:
    """storage.objects.get: the resource, or with alt=media the bytes."""
    if call.params.get("alt") == "media":
        return await media.download(storage, call)
    return answer(object_resource(readable(storage, call), call.base_url))


async def list_all(storage: Storage, call: Call) -> Response:
    """storage.objects.list."""
    bucket = storage.buckets.get(call.bucket)
    found = page(storage.objects, bucket.name, ListQuery.of(call.params))
    body: Json = {"kind": "storage#objects"}
    if found.items:
        body["items"] = [object_resource(stored, call.base_url) for stored in found.items]
    if found.prefixes:
        body["prefixes"] = found.prefixes
    if found.token:
        body["nextPageToken"] = found.token
    return answer(body)


async def patch(storage: Storage, call: Call) -> Response:
    """storage.objects.patch: what is sent changes, the rest stays."""
    return await _change(storage, call, keep=True)


async def update(storage: Storage, call: Call) -> Response:
    """storage.objects.update: what is not sent is dropped."""
    return await _change(storage, call, keep=False)


async def delete(storage: Storage, call: Call) -> Response:
    """storage.objects.delete: with a generation for good, else as the bucket's versioning says."""
    stored = writable(storage, call)
    await storage.remove(stored, for_good=call.generation is not None)
    return Response(status_code=204)


async def _change(storage: Storage, call: Call, *, keep: bool) -> Response:
    if call.params.get("predefinedAcl"):
        raise unsupported("the parameter predefinedAcl")
    sent = await call.json()
    stored = writable(storage, call)
    metadata = patched(stored.metadata if keep else {}, sent)
    changed = storage.objects.change(stored, metadata, storage.clock.now())
    await storage.store.commit()
    return answer(object_resource(changed, call.base_url))
