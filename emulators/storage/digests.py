"""Owns the checksums that a caller promises for what it sends, and holding it to them."""

from collections.abc import Mapping
from typing import Any

from emulators.storage.bodies import Checksums
from emulators.storage.errors import wrong_checksum


def promised(metadata: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    """{"CRC32C": base64, "MD5": base64} from an object resource and x-goog-hash; what is there."""
    named = dict(
        part.strip().split("=", 1)
        for part in headers.get("x-goog-hash", "").split(",")
        if "=" in part
    )
    found = {
        "CRC32C": named.get("crc32c") or metadata.get("crc32c"),
        "MD5": named.get("md5") or metadata.get("md5Hash"),
    }
    return {kind: str(digest) for kind, digest in found.items() if digest}


def check(promises: Mapping[str, str], calculated: Checksums) -> None:
    """Raises StorageError 400 where a promise is not kept."""
    actual = {"CRC32C": calculated.crc32c, "MD5": calculated.md5}
    for kind, digest in promises.items():
        if digest != actual[kind]:
            raise wrong_checksum(kind, digest, actual[kind])
