"""Owns the calls that make an object of others: rewrite, copy and compose."""

import asyncio
from typing import Any

from starlette.responses import Response

from emulators.storage.call import Call, answer
from emulators.storage.errors import invalid, required, unsupported
from emulators.storage.metadata import object_metadata, patched
from emulators.storage.names import object_name
from emulators.storage.preconditions import Preconditions, whole_number
from emulators.storage.resources import object_resource
from emulators.storage.storage import NewObject, Storage
from emulators.storage.stored import Json, StoredObject

MOST_SOURCES = 32

_NOT_HERE = ("destinationPredefinedAcl", "destinationKmsKeyName", "kmsKeyName")


async def rewrite(storage: Storage, call: Call) -> Response:
    """storage.objects.rewrite, always done in one step."""
    stored = await _copied(storage, call)
    body = {
        "kind": "storage#rewriteResponse",
        "totalBytesRewritten": str(stored.size),
        "objectSize": str(stored.size),
        "done": True,
        "resource": object_resource(stored, call.base_url),
    }
    return answer(body)


async def copy(storage: Storage, call: Call) -> Response:
    """storage.objects.copy."""
    return answer(object_resource(await _copied(storage, call), call.base_url))


async def move(storage: Storage, call: Call) -> Response:
    """storage.objects.move: another name in the same bucket."""
    source = storage.objects.get(call.bucket, call.object)
    stored = await _copied(storage, call)
    await storage.remove(source, for_good=False)
    return answer(object_resource(stored, call.base_url))


async def compose(storage: Storage, call: Call) -> Response:
    """storage.objects.compose: up to 32 objects of one bucket, one after the other."""
    _refuse(call)
    body = await call.json()
    parts = body.get("sourceObjects")
    if not isinstance(parts, list) or not parts:
        raise required("You must provide at least one source component.")
    if len(parts) > MOST_SOURCES:
        raise invalid(
            f"The number of source components provided ({len(parts)}) exceeds the maximum"
        )
    storage.buckets.get(call.bucket)
    sources = [_source(storage, call.bucket, part) for part in parts]
    incoming = await asyncio.to_thread(storage.bodies.join, [each.body for each in sources])
    stored = await storage.insert(
        NewObject(
            call.bucket,
            object_name(call.object),
            object_metadata(body.get("destination") or {}),
            call.preconditions,
            components=sum(each.components or 1 for each in sources),
        ),
        incoming,
    )
    if body.get("deleteSourceObjects"):
        for part, source in zip(parts, sources, strict=True):
            await storage.remove(source, for_good=part.get("generation") is not None)
    return answer(object_resource(stored, call.base_url))


async def _copied(storage: Storage, call: Call) -> StoredObject:
    _refuse(call)
    sent = await call.json()
    storage.buckets.get(call.bucket)
    generation = whole_number(call.params, "sourceGeneration")
    source = storage.objects.get(call.bucket, call.object, generation)
    Preconditions.of(call.params, "ifSource").allow_write(source)
    new = NewObject(
        call.path.get("to_bucket", call.bucket),
        object_name(call.path["to_object"]),
        patched(source.metadata, {key: v for key, v in sent.items() if v is not None}),
        call.preconditions,
        components=source.components,
    )
    return await storage.duplicate(new, source)


def _source(storage: Storage, bucket: str, part: Any) -> StoredObject:
    match part:
        case {"name": str(name)}:
            generation = whole_number(_texts(part), "generation")
            conditions = _texts(part.get("objectPreconditions") or {})
            found = storage.objects.get(bucket, name, generation)
            Preconditions.of(conditions).allow_write(found)
            return found
    raise required("Each source component needs a name.")


def _texts(numbers: Json) -> dict[str, str]:
    """JSON may carry a 64-bit number as a number or as text."""
    return {key: str(value) for key, value in numbers.items() if value is not None}


def _refuse(call: Call) -> None:
    for name in _NOT_HERE:
        if call.params.get(name):
            raise unsupported(f"the parameter {name}")
