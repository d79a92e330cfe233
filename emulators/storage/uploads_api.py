"""Owns uploads in one request, and the beginning of those in many."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import Response

from emulators.storage import digests
from emulators.storage.call import Call, answer
from emulators.storage.errors import invalid, unsupported
from emulators.storage.metadata import object_metadata
from emulators.storage.multipart import related
from emulators.storage.names import object_name
from emulators.storage.preconditions import Preconditions, whole_number
from emulators.storage.resources import object_resource
from emulators.storage.storage import NewObject, Storage
from emulators.storage.stored import Json


async def insert(storage: Storage, call: Call) -> Response:
    """storage.objects.insert, by uploadType."""
    kinds = {"media": _media, "multipart": _multipart, "resumable": _begin}
    kind = call.params.get("uploadType", "")
    if kind not in kinds:
        raise invalid(f"Invalid value for uploadType: {kind[:40]}")
    for name in ("predefinedAcl", "kmsKeyName"):
        if call.params.get(name):
            raise unsupported(f"the parameter {name}")
    storage.buckets.get(call.bucket)
    return await kinds[kind](storage, call)


def new_object(
    bucket: str, name: str, params: Mapping[str, str], sent: Json, promises: digests.Promises
) -> NewObject:
    """What an upload asks to make. Raises StorageError 400, 501."""
    metadata = {"contentType": "application/octet-stream"} | object_metadata(sent)
    if params.get("contentEncoding"):
        metadata["contentEncoding"] = params["contentEncoding"]
    return NewObject(bucket, name, metadata, Preconditions.of(params), promises)


async def _media(storage: Storage, call: Call) -> Response:
    name = object_name(call.params.get("name"))
    sent = {"contentType": call.headers.get("content-type")}
    new = new_object(call.bucket, name, call.params, sent, digests.promised({}, call.headers))
    stored = await storage.insert(new, await storage.receive(call.stream()))
    return answer(object_resource(stored, call.base_url))


async def _multipart(storage: Storage, call: Call) -> Response:
    parts = await related(call.headers.get("content-type", ""), call.stream())
    sent = {"contentType": parts.content_type} | parts.metadata
    name = object_name(call.params.get("name") or sent.get("name"))
    promises = digests.promised(sent, call.headers)
    new = new_object(call.bucket, name, call.params, sent, promises)
    stored = await storage.insert(new, await storage.receive(parts.media))
    return answer(object_resource(stored, call.base_url))


async def _begin(storage: Storage, call: Call) -> Response:
    """Answers with the session's address, on the host that the caller used."""
    sent = await call.json()
    name = object_name(call.params.get("name") or sent.get("name"))
    sent = {"contentType": call.headers.get("x-upload-content-type")} | sent
    new_object(call.bucket, name, call.params, sent, frozenset())
    upload = storage.uploads.begin(
        call.bucket,
        name,
        dict(call.params),
        sent,
        whole_number(call.headers, "x-upload-content-length"),
        storage.clock.now(),
    )
    storage.bodies.incoming(upload.id).touch()
    await storage.store.commit()
    query = urlencode({"uploadType": "resumable", "name": name, "upload_id": upload.id})
    location = f"{call.base_url}/upload/storage/v1/b/{call.bucket}/o?{query}"
    return Response(headers={"location": location, "x-guploader-uploadid": upload.id})
