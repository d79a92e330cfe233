"""Owns reading multipart/related as it streams in: a JSON part, then the bytes."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from emulators.storage.call import json_object
from emulators.storage.errors import invalid
from emulators.storage.stored import Json

LARGEST_HEAD = 1024 * 1024  # metadata part and both parts' headers

_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))')
_CONTENT_TYPE = re.compile(rb"(?im)^content-type:\s*([^\r\n]+)")


@dataclass(frozen=True, slots=True)
class Related:
    """The two parts of an upload: its metadata, and its bytes still to be read."""

    metadata: Json
    content_type: str | None
    media: AsyncIterator[bytes]


async def related(content_type: str, chunks: AsyncIterator[bytes]) -> Related:
    """Reads up to where the bytes begin. Raises StorageError 400 for what is no such body."""
    found = _BOUNDARY.search(content_type)
    if not content_type.startswith("multipart/related") or not found:
        raise invalid("Missing or malformed multipart/related Content-Type.")
    delimiter = b"\r\n--" + (found.group(1) or found.group(2)).encode()
    head, rest = await _head(delimiter, chunks)
    metadata_part, media_head = head
    match = _CONTENT_TYPE.search(media_head)
    return Related(
        json_object(metadata_part),
        match.group(1).decode("latin-1").strip() if match else None,
        _until(delimiter, rest, chunks),
    )


async def _head(
    delimiter: bytes, chunks: AsyncIterator[bytes]
) -> tuple[tuple[bytes, bytes], bytes]:
    """The first part's content, the second part's headers, and what was read of its bytes."""
    shape = re.compile(
        re.escape(delimiter) + rb"[ \t]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)"  # the JSON part
        + re.escape(delimiter) + rb"[ \t]*\r\n((?:[^\r\n]+\r\n)*)\r\n",
        re.DOTALL,
    )  # fmt: skip
    read = bytearray(b"\r\n")  # the first delimiter may open the body
    async for chunk in chunks:
        read += chunk
        if match := shape.search(read):
            return (match.group(1), match.group(2)), bytes(read[match.end() :])
        if len(read) > LARGEST_HEAD:
            break
    raise invalid("Malformed multipart body.")


async def _until(
    delimiter: bytes, read: bytes, chunks: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    """The bytes before the next delimiter; keeps back only what could be its beginning."""
    held = bytearray(read)
    while (at := held.find(delimiter)) < 0:
        safe = len(held) - len(delimiter) + 1
        if safe > 0:
            yield bytes(held[:safe])
            del held[:safe]
        chunk = await anext(chunks, None)
        if chunk is None:
            raise invalid("Malformed multipart body.")
        held += chunk
    yield bytes(held[:at])
