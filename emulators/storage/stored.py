"""Owns what is known of one bucket and one object generation."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredBucket:
    """A bucket. `settings` is what its owner set; times are unix seconds."""

    name: str
    metageneration: int
    settings: Json
    created: float
    updated: float

    @property
    def versioned(self) -> bool:
        """Whether what is replaced or deleted is kept as a noncurrent generation."""
        return bool((self.settings.get("versioning") or {}).get("enabled"))


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One generation of an object. `metadata` is what its writer set, `body` the file's name.

    crc32c and md5 are base64 of the big-endian digest, as the JSON API shows them.
    """

    bucket: str
    name: str
    generation: int
    metageneration: int
    size: int
    crc32c: str
    md5: str | None
    body: str
    metadata: Json
    components: int | None
    created: float
    updated: float
    deleted: float | None = None
