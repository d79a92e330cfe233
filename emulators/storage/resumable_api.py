"""Owns the later requests of a resumable upload: chunks, status queries, the end, cancelling."""

from starlette.responses import PlainTextResponse, Response

from emulators.storage import digests
from emulators.storage.call import Call, answer
from emulators.storage.chunk import Chunk, append, kept
from emulators.storage.errors import StorageError, invalid, no_upload
from emulators.storage.resources import object_resource
from emulators.storage.storage import Storage
from emulators.storage.uploads import Upload
from emulators.storage.uploads_api import new_object


async def receive(storage: Storage, call: Call) -> Response:
    """A chunk or a status query: 308 with what is kept so far, or 200 with the object."""
    async with storage.uploads.lock(call.params.get("upload_id", "")):
        upload = _upload(storage, call)
        if upload.generation is not None:
            stored = storage.objects.get(upload.bucket, upload.name, upload.generation)
            return answer(object_resource(stored, call.base_url))
        chunk, incoming = Chunk.of(call.headers), storage.bodies.incoming(upload.id)
        if upload.refusal is not None:
            return PlainTextResponse(upload.refusal, 400)
        if chunk.too_small:
            storage.uploads.refuse(upload, chunk.too_small)
            await storage.store.commit()
            return PlainTextResponse(chunk.too_small, 400)
        if chunk.has_bytes:
            await append(incoming, kept(incoming.stat().st_size), chunk, call.stream())
        size = incoming.stat().st_size
        if not chunk.completes(size):
            return _so_far(kept(size))
        return await _finish(storage, call, upload, size)


async def cancel(storage: Storage, call: Call) -> Response:
    """Ends an upload without an object; answered with 499, as Cloud Storage does."""
    await _forget(storage, _upload(storage, call))
    return Response(status_code=499)


async def _finish(storage: Storage, call: Call, upload: Upload, size: int) -> Response:
    if upload.total is not None and upload.total != size:
        raise invalid(f"Upload has {size} bytes, X-Upload-Content-Length said {upload.total}.")
    promises = digests.promised(upload.metadata, call.headers)
    new = new_object(upload.bucket, upload.name, upload.params, upload.metadata, promises)
    try:
        stored = await storage.insert(new, storage.bodies.incoming(upload.id), upload)
    except StorageError:
        await _forget(storage, upload)
        raise
    return answer(object_resource(stored, call.base_url))


async def _forget(storage: Storage, upload: Upload) -> None:
    storage.uploads.remove(upload)
    await storage.store.commit()
    storage.bodies.discard(storage.bodies.incoming(upload.id))


def _upload(storage: Storage, call: Call) -> Upload:
    upload = storage.uploads.find(call.params.get("upload_id", ""))
    if upload is None:
        raise no_upload()
    return upload


def _so_far(size: int) -> Response:
    headers = {"range": f"bytes=0-{size - 1}"} if size else {}
    return Response(status_code=308, headers=headers)
