"""Owns the sample cities' files: which may be asked for, their bytes and their entity tags."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

BUNDLED = Path(__file__).parent / "data"
CONTENT_TYPES = {
    "city.json": "application/json",
    "venues.ndjson": "application/x-ndjson",
    "posts.ndjson": "application/x-ndjson",
}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 60


class SampleMissing(LookupError):
    """There is no such sample file; the text says what there is instead."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One file as it is served. `etag` is a strong one: the content's sha256 in quotes."""

    content: bytes
    content_type: str
    etag: str


def cities(folder: Path) -> list[str]:
    """The slugs of the sample cities in `folder`."""
    return sorted(entry.parent.name for entry in folder.glob("*/city.json"))


def read(folder: Path, city: str, name: str) -> Sample:
    """The file `name` of `city`, read anew each time. Raises SampleMissing.

    A city that is not a slug is never looked up, so that no path leads out of `folder`.
    """
    is_slug = len(city) <= LONGEST_SLUG and _SLUG.fullmatch(city)
    if not is_slug or not (folder / city / "city.json").is_file():
        known = ", ".join(cities(folder)) or "none"
        raise SampleMissing(f"There is no sample city {city!r}. The sample cities are: {known}.")
    if name not in CONTENT_TYPES or not (folder / city / name).is_file():
        known = ", ".join(CONTENT_TYPES)
        raise SampleMissing(f"The sample city {city!r} has no file {name!r}: ask for {known}.")
    content = (folder / city / name).read_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    return Sample(content, CONTENT_TYPES[name], etag)
