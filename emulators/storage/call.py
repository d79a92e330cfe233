"""Owns one call of the JSON API: its path, query, headers and body, and JSON answers."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.responses import Response

from emulators.storage.errors import StorageError, invalid
from emulators.storage.preconditions import Preconditions, whole_number
from emulators.storage.stored import Json

LARGEST_BODY = 8 * 1024 * 1024  # of what is not an object's bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came, alone or in a batch; header names are found in lower case."""

    method: str
    raw_path: str
    query: str
    headers: Mapping[str, str]
    stream: Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Call:
    """One request understood: `path` holds the decoded variable parts of its path."""

    path: Mapping[str, str]
    params: Mapping[str, str]
    headers: Mapping[str, str]
    base_url: str
    stream: Callable[[], AsyncIterator[bytes]]

    @property
    def bucket(self) -> str:
        """The bucket in the path."""
        return self.path["bucket"]

    @property
    def object(self) -> str:
        """The object in the path."""
        return self.path["object"]

    @property
    def generation(self) -> int | None:
        """The generation asked for; None means the live one."""
        return whole_number(self.params, "generation")

    @property
    def preconditions(self) -> Preconditions:
        """IfGenerationMatch and its kin."""
        return Preconditions.of(self.params)

    async def json(self) -> Json:
        """The body as a JSON object, {} where there is none. Raises StorageError 400, 413."""
        return json_object(await whole_body(self.stream()))


async def whole_body(stream: AsyncIterator[bytes]) -> bytes:
    """A body in memory. Raises StorageError 413 beyond LARGEST_BODY."""
    read = bytearray()
    async for chunk in stream:
        read += chunk
        if len(read) > LARGEST_BODY:
            raise StorageError(413, "uploadTooLarge", "Request body is too large.")
    return bytes(read)


def json_object(raw: bytes) -> Json:
    """A JSON object, {} for no bytes. Raises StorageError 400."""
    try:
        value = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError as error:
        raise StorageError(400, "parseError", "Parse Error") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid("The body must be a JSON object.")
    return value


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    content = orjson.dumps(body)
    return Response(content, status, headers, "application/json; charset=UTF-8")
