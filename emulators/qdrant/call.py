"""Owns one call of the REST API: what was sent, and the envelope of what is answered."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from emulators.qdrant.catalogue import Catalogue
from emulators.qdrant.collection import Collection
from emulators.qdrant.errors import QdrantError, bad_format
from emulators.qdrant.json_fields import Json, an_object
from emulators.qdrant.selectors import plain


@dataclass(frozen=True, slots=True)
class Call:
    """One request: path parameters, query parameters and the raw body."""

    catalogue: Catalogue
    path: dict[str, str]
    query: dict[str, str]
    raw: bytes

    @property
    def collection(self) -> Collection:
        """The collection that the path names. Raises QdrantError 404."""
        return self.catalogue.collection(self.path["name"])

    @property
    def waits(self) -> bool:
        """Whether the answer must come after the update is applied."""
        return self.query.get("wait") == "true"

    def body(self) -> Json:
        """The JSON object sent. Raises QdrantError 400."""
        return parsed(self.raw)


Handler = Callable[[Call], Any]


def parsed(raw: bytes) -> Json:
    """A JSON object. Raises QdrantError 400."""
    try:
        return an_object(orjson.loads(raw))
    except orjson.JSONDecodeError as error:
        raise bad_format(str(error)) from error


def answered(result: Any, started: float) -> bytes:
    """The envelope of a result; `started` is a time.perf_counter()."""
    body = {"result": result, "status": "ok", "time": time.perf_counter() - started}
    return orjson.dumps(body, default=plain)


def refused(error: QdrantError, started: float) -> bytes:
    """The envelope of an error."""
    return orjson.dumps(error_body(error.text, time.perf_counter() - started))


def error_body(text: str, seconds: float = 0.0) -> Json:
    """Qdrant's error body."""
    return {"status": {"error": text}, "time": seconds}
