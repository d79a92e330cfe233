"""Owns the files that hold the bytes: written aside, moved into place, never named by a caller."""

import base64
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import google_crc32c

BLOCK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Checksums:
    """Size and digests of some bytes; the digests in base64 as the JSON API shows them."""

    size: int
    crc32c: str
    md5: str


class Bodies:
    """Finished bodies and unfinished ones ("incoming"), by random names."""

    def __init__(self, folder: Path) -> None:
        self._finished = folder / "bodies"
        self._incoming = folder / "incoming"
        for path in (self._finished, self._incoming):
            path.mkdir(parents=True, exist_ok=True)

    def incoming(self, name: str) -> Path:
        """Where the bytes of an unfinished body lie."""
        return self._incoming / name

    def finish(self, incoming: Path) -> str:
        """Moves an unfinished body into place; returns its name."""
        body = uuid4().hex
        incoming.rename(self._path(body, make=True))
        return body

    def copy(self, body: str) -> Path:
        """An unfinished body with the same bytes, which stay until both are deleted."""
        copied = self.incoming(uuid4().hex)
        os.link(self._path(body), copied)
        return copied

    def join(self, parts: Iterable[str]) -> Path:
        """An unfinished body made of finished ones, one after the other."""
        joined = self.incoming(uuid4().hex)
        with joined.open("xb") as target:
            for part in parts:
                with self.open(part) as source:
                    shutil.copyfileobj(source, target, BLOCK)
        return joined

    def open(self, body: str) -> BinaryIO:
        """The bytes; they can be read to the end even when the body is deleted meanwhile."""
        return self._path(body).open("rb")

    def delete(self, bodies: Iterable[str]) -> None:
        """Deletes finished bodies."""
        for body in bodies:
            self._path(body).unlink(missing_ok=True)

    def discard(self, incoming: Path) -> None:
        """Deletes an unfinished body, if it is still one."""
        incoming.unlink(missing_ok=True)

    def keep_only(self, bodies: set[str], incoming: set[str]) -> None:
        """Deletes what a killed process left behind: files that no row speaks of."""
        for path in self._finished.glob("*/*"):
            if path.name not in bodies:
                path.unlink()
        for path in self._incoming.iterdir():
            if path.name not in incoming:
                path.unlink()

    def _path(self, body: str, *, make: bool = False) -> Path:
        folder = self._finished / body[:2]
        if make:
            folder.mkdir(exist_ok=True)
        return folder / body


def checksums(path: Path) -> Checksums:
    """Reads a file once, block by block."""
    crc32c, md5, size = 0, hashlib.md5(usedforsecurity=False), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            crc32c = google_crc32c.extend(crc32c, block)
            md5.update(block)
            size += len(block)
    return Checksums(size, _base64(crc32c.to_bytes(4, "big")), _base64(md5.digest()))


async def write(path: Path, chunks: AsyncIterator[bytes]) -> None:
    """Writes what arrives into a new file, holding one chunk at a time."""
    with path.open("xb") as file:
        async for chunk in chunks:
            file.write(chunk)


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
