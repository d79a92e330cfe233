"""The training bucket in a dict; it passes the contract test of the one on Cloud Storage."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from google.api_core.exceptions import NotFound

from shared.learning.gcs import WrittenMeanwhile


class MemoryBucket:
    """Objects by name; a generation counts how often one was written."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.generations: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return f"gs://memory/{name}"

    def name_of(self, uri: str) -> str:
        if not uri.startswith("gs://memory/"):
            raise ValueError(f"{uri} does not lie in the bucket memory.")
        return uri.removeprefix("gs://memory/")

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        generation = self.generations.get(name)
        stream = io.BytesIO()
        yield stream
        if generation != self.generations.get(name):
            raise WrittenMeanwhile(self.uri(name))
        self.put(name, stream.getvalue(), "")

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        if name not in self.kept:
            raise NotFound(name)  # type: ignore[no-untyped-call]
        yield io.BytesIO(self.kept[name])

    def sha256(self, name: str) -> str:
        with self.reading(name) as stream:
            return hashlib.sha256(stream.read()).hexdigest()

    def put(self, name: str, content: bytes, content_type: str) -> None:
        self.kept[name] = content
        self.generations[name] = self.generations.get(name, 0) + 1

    def delete(self, prefix: str) -> int:
        found = [name for name in self.kept if name.startswith(prefix)]
        for name in found:
            del self.kept[name], self.generations[name]
        return len(found)

    def close(self) -> None:
        """Nothing is open."""
