"""Owns one chunk of a resumable upload: what its headers say, and adding it to the file."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from emulators.storage.bodies import BLOCK
from emulators.storage.errors import invalid

_RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(?:(\d{1,18})|\*)")

_TOO_SMALL = (
    "Invalid request.  The number of bytes uploaded is required to be equal or greater than"
    " {BLOCK}, except for the final request (it's recommended to be the exact multiple of {BLOCK})."
    "  The received request contained {size} bytes, which does not meet this requirement."
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a Content-Range says; `first` is None for a status query, `end` and `total` if unsaid.

    A request without Content-Range brings everything at once: `whole`.
    """

    first: int | None = 0
    end: int | None = None
    total: int | None = None
    whole: bool = True

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Chunk":
        """Reads the headers. Raises StorageError 400."""
        header = headers.get("content-range")
        if header is None:
            return cls()
        match = _RANGE.fullmatch(header)
        if not match:
            raise invalid(f"Failed to parse Content-Range header: {header[:60]}")
        first, last, total = (None if text is None else int(text) for text in match.groups())
        end = None if last is None else last + 1
        if first is not None and end is not None and (end <= first or end > (total or end)):
            raise invalid(f"Failed to parse Content-Range header: {header[:60]}")
        return cls(first, end, total, whole=False)

    @property
    def too_small(self) -> str | None:
        """What Cloud Storage says of a chunk that is neither the last one nor 256 KiB long."""
        if self.first is None or self.end is None or self.end == self.total:
            return None
        size = self.end - self.first
        return None if size >= BLOCK else _TOO_SMALL.format(BLOCK=BLOCK, size=size)

    @property
    def has_bytes(self) -> bool:
        """Whether bytes come with it."""
        return self.first is not None

    def completes(self, size: int) -> bool:
        """Whether the upload is whole with `size` bytes."""
        return self.whole or self.total == size


def kept(size: int) -> int:
    """How many of `size` bytes Cloud Storage keeps of an unfinished upload: whole 256 KiB."""
    return size - size % BLOCK


async def append(incoming: Path, at: int, chunk: Chunk, content: AsyncIterator[bytes]) -> None:
    """Adds what of the chunk lies after the `at` bytes kept; a broken connection keeps its part.

    Raises StorageError 400 for a gap, and for more bytes than the chunk announced.
    """
    position = chunk.first or 0
    if position > at:
        raise invalid(f"Invalid request. The next byte expected is {at}.")
    with incoming.open("r+b") as file:
        file.seek(at)
        file.truncate()
        async for part in content:
            file.write(part[max(0, at - position) :])
            position += len(part)
            if chunk.end is not None and position > chunk.end:
                file.truncate(at)
                raise invalid("Content-Range announced fewer bytes than were sent.")
