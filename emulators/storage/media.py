"""Owns downloads: the bytes of an object, whole or a range, never more than a block in memory."""

import re
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse

from emulators.storage.bodies import BLOCK
from emulators.storage.call import Call
from emulators.storage.errors import range_not_satisfiable
from emulators.storage.reading import readable
from emulators.storage.resources import object_etag
from emulators.storage.storage import Storage
from emulators.storage.stored import StoredObject

_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")
_SHOWN = {
    "contentType": "content-type",
    "contentEncoding": "content-encoding",
    "contentLanguage": "content-language",
    "contentDisposition": "content-disposition",
    "cacheControl": "cache-control",
}


async def download(storage: Storage, call: Call) -> Response:
    """storage.objects.get with alt=media: 200, or 206 for a range. Raises StorageError 416."""
    stored = readable(storage, call)
    headers = _headers(stored)
    first, end = 0, stored.size
    asked = _RANGE.fullmatch(call.headers.get("range", ""))
    if asked and asked.group() != "bytes=-":
        first, end = _bounds(asked, stored.size)
        headers["content-range"] = f"bytes {first}-{end - 1}/{stored.size}"
    headers["content-length"] = str(end - first)
    blocks = _blocks(storage.bodies.open(stored.body), first, end)
    return StreamingResponse(blocks, 206 if "content-range" in headers else 200, headers)


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    start, last = asked.groups()
    if start:
        first, end = int(start), min(int(last) + 1, size) if last else size
    else:
        first, end = max(0, size - int(last)), size
    if first >= end:
        raise range_not_satisfiable(size)
    return first, end


def _headers(stored: StoredObject) -> dict[str, str]:
    md5 = f",md5={stored.md5}" if stored.md5 else ""
    metadata = {"contentType": "application/octet-stream"} | stored.metadata
    shown = {header: metadata[key] for key, header in _SHOWN.items() if key in metadata}
    return shown | {
        "accept-ranges": "bytes",
        "etag": object_etag(stored),
        "last-modified": formatdate(stored.updated, usegmt=True),
        "x-goog-generation": str(stored.generation),
        "x-goog-hash": f"crc32c={stored.crc32c}{md5}",
        "x-goog-metageneration": str(stored.metageneration),
        "x-goog-storage-class": metadata.get("storageClass", "STANDARD"),
        "x-goog-stored-content-encoding": metadata.get("contentEncoding", "identity"),
        "x-goog-stored-content-length": str(stored.size),
    }


async def _blocks(body: BinaryIO, first: int, end: int) -> AsyncIterator[bytes]:
    with body:
        body.seek(first)
        while first < end and (block := body.read(min(BLOCK, end - first))):
            first += len(block)
            yield block
