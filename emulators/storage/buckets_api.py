"""Owns the calls on buckets."""

from starlette.responses import Response

from emulators.storage.call import Call, answer
from emulators.storage.errors import unsupported
from emulators.storage.metadata import bucket_settings
from emulators.storage.names import bucket_name
from emulators.storage.preconditions import Preconditions, whole_number
from emulators.storage.resources import bucket_resource
from emulators.storage.storage import Storage

LARGEST_PAGE = 1000

_NOT_HERE = ("predefinedAcl", "predefinedDefaultObjectAcl", "enableObjectRetention", "softDeleted")


async def insert(storage: Storage, call: Call) -> Response:
    """storage.buckets.insert."""
    _refuse(call)
    sent = await call.json()
    settings = bucket_settings({}, sent)
    bucket = storage.buckets.add(bucket_name(sent.get("name")), settings, storage.clock.now())
    await storage.store.commit()
    return answer(bucket_resource(bucket, call.base_url))


async def get(storage: Storage, call: Call) -> Response:
    """storage.buckets.get."""
    _refuse(call)
    bucket = storage.buckets.get(call.bucket)
    Preconditions.of_bucket(call.params).allow_read(bucket)
    return answer(bucket_resource(bucket, call.base_url))


async def list_all(storage: Storage, call: Call) -> Response:
    """storage.buckets.list, of whichever project: there is one."""
    _refuse(call)
    most = min(whole_number(call.params, "maxResults") or LARGEST_PAGE, LARGEST_PAGE)
    after, prefix = call.params.get("pageToken", ""), call.params.get("prefix", "")
    found = storage.buckets.named(prefix, after, most + 1)
    shown = [bucket_resource(bucket, call.base_url) for bucket in found[:most]]
    token = {"nextPageToken": found[most - 1].name} if len(found) > most else {}
    return answer({"kind": "storage#buckets", "items": shown} | token)


async def patch(storage: Storage, call: Call) -> Response:
    """storage.buckets.patch: what is sent changes, the rest stays."""
    _refuse(call)
    return await _change(storage, call, keep=True)


async def update(storage: Storage, call: Call) -> Response:
    """storage.buckets.update: what is not sent is dropped."""
    _refuse(call)
    return await _change(storage, call, keep=False)


async def delete(storage: Storage, call: Call) -> Response:
    """storage.buckets.delete."""
    bucket = storage.buckets.get(call.bucket)
    Preconditions.of_bucket(call.params).allow_write(bucket)
    storage.buckets.remove(bucket.name)
    await storage.store.commit()
    return Response(status_code=204)


async def _change(storage: Storage, call: Call, *, keep: bool) -> Response:
    sent = await call.json()
    bucket = storage.buckets.get(call.bucket)
    Preconditions.of_bucket(call.params).allow_write(bucket)
    settings = bucket_settings(bucket.settings if keep else {}, sent)
    changed = storage.buckets.change(bucket, settings, storage.clock.now())
    await storage.store.commit()
    return answer(bucket_resource(changed, call.base_url))


def _refuse(call: Call) -> None:
    for name in _NOT_HERE:
        if call.params.get(name):
            raise unsupported(f"the parameter {name}")
