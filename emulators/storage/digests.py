"""Owns the checksums that a caller promises for what it sends, and holding it to them."""

from collections.abc import Mapping
from typing import Any

from emulators.storage.bodies import Checksums
from emulators.storage.errors import wrong_checksum

Promises = frozenset[tuple[str, str]]  # ("CRC32C" or "MD5", base64)


def promised(metadata: Mapping[str, Any], headers: Mapping[str, str]) -> Promises:
    """What an object resource and x-goog-hash say of the bytes."""
    parts = [part.strip() for part in headers.get("x-goog-hash", "").split(",")]
    named = [(kind, digest) for kind, _, digest in (part.partition("=") for part in parts)]
    shown = [("crc32c", metadata.get("crc32c")), ("md5", metadata.get("md5Hash"))]
    kinds = {"crc32c": "CRC32C", "md5": "MD5"}
    return frozenset(
        (kinds[kind], str(digest)) for kind, digest in named + shown if kind in kinds and digest
    )


def check(promises: Promises, calculated: Checksums) -> None:
    """Raises StorageError 400 where a promise is not kept."""
    actual = {"CRC32C": calculated.crc32c, "MD5": calculated.md5}
    for kind, digest in sorted(promises):
        if digest != actual[kind]:
            raise wrong_checksum(kind, digest, actual[kind])
